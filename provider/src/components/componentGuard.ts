import { ComponentXmlError, locateElements, type LocatedComponent } from './strictXml.js';

/**
 * Checks that a changed component still contains everything else that the org returned: a deploy resets what its
 * file omits, so a lost `certificate` or `consumerKey` would lock clients out.
 *
 * Every element that is not in `editedNames` must be present with the same characters and in the same order, and so
 * must the root's start tag, the comments and everything else outside the edited elements. Only white space
 * between the root's children may differ. Both texts are parsed again, independently of the code that changed them.
 *
 * @throws {@link ComponentXmlError} naming the first element that was lost, added or changed.
 */
export function assertNothingElseChanged(before: string, after: string, editedNames: Iterable<string>): void {
  const edited = new Set(editedNames);
  const componentBefore = locateElements(before);
  const componentAfter = locateElements(after);
  if (componentBefore.root !== componentAfter.root) {
    throw new ComponentXmlError(
      `The change would turn the ${componentBefore.root} component into a ${componentAfter.root}.`,
      'ECA9004',
    );
  }
  const refuse = (what: string): never => {
    throw new ComponentXmlError(
      `The change would ${what} in the ${componentBefore.root} component, which it must leave alone.`,
      'ECA9004',
    );
  };
  const counts = new Map<string, number>();
  const count = ({ elements }: LocatedComponent, step: number): void => {
    for (const { name } of elements) if (!edited.has(name)) counts.set(name, (counts.get(name) ?? 0) + step);
  };
  count(componentBefore, 1);
  count(componentAfter, -1);
  for (const [name, lost] of counts) {
    if (lost > 0) refuse(`lose the element \`${name}\``);
    if (lost < 0) refuse(`add the element \`${name}\``);
  }
  const keptBefore = keptSlices(before, componentBefore, edited);
  const keptAfter = keptSlices(after, componentAfter, edited);
  keptBefore.elements.forEach(({ name, xml }, index) => {
    if (keptAfter.elements[index]?.name !== name) refuse(`move the element \`${name}\``);
    if (keptAfter.elements[index]?.xml !== xml) refuse(`alter the element \`${name}\``);
  });
  if (keptBefore.between !== keptAfter.between) refuse('alter what is between the elements');
}

/** The unedited elements as written, and the rest of the document without its white space. */
function keptSlices(
  xml: string,
  { elements }: LocatedComponent,
  edited: ReadonlySet<string>,
): { elements: { name: string; xml: string }[]; between: string } {
  const kept: { name: string; xml: string }[] = [];
  let between = '';
  let end = 0;
  for (const element of elements) {
    between += xml.slice(end, element.start);
    if (!edited.has(element.name)) {
      kept.push({ name: element.name, xml: xml.slice(element.start, element.end) });
    }
    end = element.end;
  }
  return { elements: kept, between: (between + xml.slice(end)).replace(/\s+/g, '') };
}
