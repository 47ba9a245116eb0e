// Files that only one person may have: fetched with that person's session, then saved or shown.
import { candidate } from '@/api/exam_session'
import { ORIGIN } from '@/api/origin'
import { ConnectionLost, problemFrom } from '@/api/problem'
import { session } from '@/api/session'

/** The candidate's letter of admission, a PDF. */
export function openLetter(address: string): Promise<void> {
  return fetched(address, candidate.token, 'letter.pdf')
}

/** The family's ledger folder with its own rows and their proofs, a ZIP that `verify/` checks. */
export function saveProof(address: string): Promise<void> {
  return fetched(`${address}.zip`, session.token, 'proof.zip')
}

async function fetched(address: string, token: string, name: string): Promise<void> {
  const url = address.startsWith('/') ? ORIGIN + address : address
  const header = { Authorization: `Bearer ${token}` }
  // #ifdef H5
  const answer = await fetch(url, { headers: header }).catch(() => Promise.reject(new ConnectionLost()))
  if (!answer.ok) throw problemFrom(answer.status, await answer.text())
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await answer.blob())
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
  // #endif
  // #ifndef H5
  await new Promise<void>((resolve, reject) => {
    uni.downloadFile({
      url,
      header,
      success: (file) => {
        if (file.statusCode !== 200) reject(problemFrom(file.statusCode, {}))
        else keep(file.tempFilePath, name, resolve, () => reject(new ConnectionLost()))
      },
      fail: () => reject(new ConnectionLost()),
    })
  })
  // #endif
}

// #ifndef H5
/** A PDF is shown; anything else is handed to the person's files by way of the chat. */
function keep(path: string, name: string, done: () => void, failed: () => void): void {
  if (name.endsWith('.pdf')) uni.openDocument({ filePath: path, fileType: 'pdf', showMenu: true, success: done, fail: failed })
  else wx.shareFileMessage({ filePath: path, fileName: name, success: done, fail: failed })
}
// #endif
