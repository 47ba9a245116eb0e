/// <reference types="vite/client" />

interface ImportMetaEnv {
  /** Where the WeChat package finds the API, e.g. a registered https domain; the H5 uses its own origin. */
  readonly VITE_API_ORIGIN?: string
}

declare module '*.vue' {
  import type { DefineComponent } from 'vue'
  const component: DefineComponent<Record<string, unknown>, Record<string, unknown>, unknown>
  export default component
}

/** The one thing of WeChat that uni-app does not wrap: handing a file over to a chat of one's own. */
declare const wx: {
  shareFileMessage(options: { filePath: string; fileName: string; success: () => void; fail: () => void }): void
}
