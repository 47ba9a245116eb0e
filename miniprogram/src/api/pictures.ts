// One photograph from the camera or the album, small enough for a slow network.

const LONGEST_SIDE = 2400
const LIGHT_ENOUGH = 1_200_000

/** What the browser handed over or we drew, by the address it is shown under. */
const files = new Map<string, File>()

/** The file behind a chosen picture; undefined in a mini-program, where the path is enough. */
export function fileOf(path: string): File | undefined {
  return files.get(path)
}

/** The chosen picture's path, or null where the person changed their mind. */
export function choosePicture(source: 'camera' | 'album'): Promise<string | null> {
  return new Promise((resolve) => {
    // #ifdef MP-WEIXIN
    uni.chooseMedia({
      count: 1,
      mediaType: ['image'],
      sourceType: [source],
      sizeType: ['compressed'],
      success: (chosen) => resolve(chosen.tempFiles[0]?.tempFilePath ?? null),
      fail: () => resolve(null),
    })
    // #endif
    // #ifndef MP-WEIXIN
    uni.chooseImage({
      count: 1,
      sourceType: [source],
      sizeType: ['compressed'],
      success: (chosen) => {
        const file = ([] as unknown[]).concat(chosen.tempFiles)[0] as File | undefined
        void lightened(file, chosen.tempFilePaths[0]).then(resolve)
      },
      fail: () => resolve(null),
    })
    // #endif
  })
}

/** Heavy pictures drawn again at most 2400 px long; a kind the browser cannot draw (HEIC) is sent as it is. */
async function lightened(file: File | undefined, path: string): Promise<string> {
  if (!file || file.size <= LIGHT_ENOUGH || typeof createImageBitmap !== 'function') return path
  try {
    const picture = await createImageBitmap(file)
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(picture.width * scale)
    canvas.height = Math.round(picture.height * scale)
    canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', 0.9))
    if (!blob || blob.size >= file.size) return path
    const drawn = URL.createObjectURL(blob)
    files.set(drawn, new File([blob], 'paper.jpg', { type: 'image/jpeg' }))
    return drawn
  } catch {
    return path
  }
}
