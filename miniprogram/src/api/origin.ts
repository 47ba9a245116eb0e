// Where the backend is.

/** The H5 talks to where it came from; a mini-program has no such place and is told one when it is built. */
export const ORIGIN = process.env.UNI_PLATFORM === 'h5' ? '' : (import.meta.env.VITE_API_ORIGIN ?? '')
