// One source, two builds: the H5 under /phone/ of the backend, and the WeChat package.
import { readFileSync } from 'node:fs'
import uniPlugin from '@dcloudio/vite-plugin-uni'
import { defineConfig, type PluginOption } from 'vite'

// The compiler reports the machine's address to its vendor when it looks for updates; it does not do so in CI.
process.env.CI = '1'

// The plugin is CommonJS: seen from an ES module its function stands one step deeper.
const uni = ((uniPlugin as unknown as { default?: unknown }).default ?? uniPlugin) as () => PluginOption

/** The Mongolian typeface beside the web page, under an address that the mini-program knows too. */
function mongolianFont(): PluginOption {
  const file = 'node_modules/@fontsource/noto-sans-mongolian/files/noto-sans-mongolian-mongolian-400-normal.woff2'
  return {
    name: 'mongolian-font',
    generateBundle() {
      if (process.env.UNI_PLATFORM !== 'h5') return
      const source = readFileSync(new URL(file, import.meta.url))
      this.emitFile({ type: 'asset', fileName: 'fonts/noto-sans-mongolian.woff2', source })
    },
  }
}

export default defineConfig({
  plugins: [uni(), mongolianFont()],
  build: { sourcemap: false },
})
