/** A text of the org, which may hold anything, on one line: no character is left that a terminal or XML would act on or refuse. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/\p{Cc}/gu, '\uFFFD');
}
