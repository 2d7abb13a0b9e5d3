/**
 * The 18-character form of a Salesforce id: three more characters that encode upper and lower case, each for five of the
 * first fifteen (Salesforce Help, "Salesforce ID formats").
 *
 * @returns the id unchanged if it has 18 characters; `undefined` if it is not an id
 */
export function toCaseSafeId(id: string): string | undefined {
  if (!/^[A-Za-z0-9]{15}(?:[A-Z0-5]{3})?$/.test(id)) {
    return undefined;
  }
  if (id.length === 18) {
    return id;
  }
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
  const suffix = [0, 5, 10]
    .map((start) => {
      const bits = Array.from(id.slice(start, start + 5), (character, index) =>
        /[A-Z]/.test(character) ? 1 << index : 0,
      );
      return alphabet[bits.reduce((sum, bit) => sum + bit, 0)] ?? '';
    })
    .join('');
  return id + suffix;
}
