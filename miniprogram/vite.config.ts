// One source, two builds: the H5 under /phone/ of the backend, and the WeChat package.
import uniPlugin from '@dcloudio/vite-plugin-uni'
import { defineConfig, type PluginOption } from 'vite'

// The compiler reports the machine's address to its vendor when it looks for updates; it does not do so in CI.
process.env.CI = '1'

// The plugin is CommonJS: seen from an ES module its function stands one step deeper.
const uni = ((uniPlugin as unknown as { default?: unknown }).default ?? uniPlugin) as () => PluginOption

export default defineConfig({
  plugins: [uni()],
  build: { sourcemap: false },
})
