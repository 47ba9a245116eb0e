// Takes every web address out of package-lock.json (sponsors' pages, registries), so that it holds names, versions and hashes only.
import { readFileSync, writeFileSync } from 'node:fs'

const file = new URL('./package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(file, 'utf8'))
for (const entry of Object.values(lock.packages)) {
  delete entry.funding
  delete entry.resolved
  if (/:\/\//.test(entry.deprecated ?? '')) entry.deprecated = 'deprecated'
}
writeFileSync(file, JSON.stringify(lock, null, 2) + '\n')
