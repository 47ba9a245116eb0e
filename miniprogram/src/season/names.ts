// Names of people as families write them: 汉 names, names with a middle dot, names without a family name.

const DOTS = /[•・‧∙⋅･.．]/g
const LONGEST = 50

/** The name with one kind of middle dot and no blanks at the ends or around the dot. */
export function tidyName(typed: string): string {
  return typed.trim().replace(DOTS, '·').replace(/\s*·\s*/g, '·').replace(/\s+/g, ' ')
}

/** The catalogue key of what is wrong with the name, or null. Short, long and dotted names are all right. */
export function nameFault(typed: string): string | null {
  const name = tidyName(typed)
  if (!name) return 'fault.name-empty'
  if ([...name].length > LONGEST) return 'fault.name-long'
  if (/[0-9０-９]/.test(name)) return 'fault.name-digits'
  if (/^·|·$|··/.test(name)) return 'fault.name-dot'
  return /^[\p{L}\p{M}\u202f\u180e ·'’-]+$/u.test(name) ? null : 'fault.name-signs'
}
