// The letter of admission: a PDF that only its candidate may fetch, so it is fetched with the session and then shown.
import { candidate } from '@/api/exam_session'
import { ORIGIN } from '@/api/origin'
import { ConnectionLost, problemFrom } from '@/api/problem'

export async function openLetter(address: string): Promise<void> {
  const url = address.startsWith('/') ? ORIGIN + address : address
  const header = { Authorization: `Bearer ${candidate.token}` }
  // #ifdef H5
  const answer = await fetch(url, { headers: header }).catch(() => Promise.reject(new ConnectionLost()))
  if (!answer.ok) throw problemFrom(answer.status, await answer.text())
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await answer.blob())
  link.download = 'letter.pdf'
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
        else uni.openDocument({ filePath: file.tempFilePath, fileType: 'pdf', success: () => resolve(), fail: () => reject(new ConnectionLost()) })
      },
      fail: () => reject(new ConnectionLost()),
    })
  })
  // #endif
}
