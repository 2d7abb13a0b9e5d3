import assert from 'node:assert/strict';
import fc from 'fast-check';
import { difference, fieldsOf, parseFieldValue } from '../../../../provider/src/policy/difference.js';
import { absent, fieldDefinitions, jwtFields } from '../../../../provider/src/policy/fields.js';
import type { FieldValues, JwtField, SettingsComponentType } from '../../../../provider/src/policy/fields.js';
import { patchComponents } from '../../../../provider/src/reconcile/deploy/changedComponents.js';
import { AppIndex, namesOf, readComponents } from '../../../../provider/src/components/components.js';
import type { AppComponents } from '../../../../provider/src/components/components.js';
import {
  decodeComponent,
  elementText,
  encodeComponent,
  parseComponent,
} from '../../../../provider/src/components/componentXml.js';
import { isFullSize } from '../../../support/testSize.js';
import { arbitraryWanted } from '../support/arbitraries.js';
import { request, pathOf } from '../support/reconcile.js';
import {
  arbitraryFile,
  arbitraryTexts,
  compareNames,
  generatedApp,
  writeFile,
  type GeneratedElement,
  type GeneratedFile,
} from '../org/support/componentFiles.js';
import { liveAppOf } from '../../../../provider/src/reconcile/plan/liveApp.js';

const globalType = 'ExtlClntAppGlobalOauthSettings';
const policiesType = 'ExtlClntAppOauthConfigurablePolicies';
const types = [globalType, policiesType] as const;
const rotations = ['shouldRotateConsumerKey', 'shouldRotateConsumerSecret'];

const fileCount = isFullSize ? 10_000 : 2_000;
/** Each run patches a file of both types. */
const runs = fileCount / 2;

const files = (type: SettingsComponentType): fc.Arbitrary<GeneratedFile> =>
  arbitraryTexts(type).chain((texts) => arbitraryFile(type, texts));

/** The bytes of an app's two files, by path as a retrieve returns them. */
function retrieved(texts: Readonly<Record<SettingsComponentType, string>>): Map<string, Buffer> {
  return new Map(
    types.map((type) => [`unpackaged/${pathOf(type, 'Any_Name')}`, Buffer.from(texts[type], 'utf8')]),
  );
}

function read(texts: Readonly<Record<SettingsComponentType, string>>): AppComponents {
  const { components, ambiguities } = new AppIndex(readComponents(retrieved(texts), [])).find(generatedApp);
  assert.deepEqual(ambiguities, []);
  return components;
}

/** The text of a field's element as the generator wrote it. */
function writtenText(field: JwtField, file: GeneratedFile): string | undefined {
  return file.elements.find(({ name, parts }) => name === field && parts !== undefined)?.parts?.text;
}

/** A wish that changes both files, whatever else it asks for. */
function changingBoth(wanted: FieldValues, live: FieldValues): FieldValues {
  const changes = difference(wanted, live);
  return {
    ...wanted,
    ...(changes.isNamedUserJwtEnabled === undefined && {
      isNamedUserJwtEnabled: live.isNamedUserJwtEnabled !== true,
    }),
    ...(fieldsOf(changes).every((field) => fieldDefinitions[field].componentType === globalType) && {
      namedUserJwtTimeout: live.namedUserJwtTimeout === 30 ? absent : 30,
    }),
  };
}

/**
 * What a file must be after changes, put together from the pieces that it was generated from: no parser is asked.
 *
 * @param edits texts by the name of the element, `undefined` for one that goes
 */
function expectedFile(file: GeneratedFile, edits: ReadonlyMap<string, string | undefined>): string {
  const elements = [...file.elements];
  let { tail } = file;
  for (const [name, text] of [...edits].sort(([left], [right]) => compareNames(left, right))) {
    const index = elements.findIndex((element) => element.name === name);
    const element = elements[index];
    if (element === undefined) {
      if (text !== undefined)
        insert(elements, name, `<${file.prefix}${name}>${text}</${file.prefix}${name}>`);
    } else if (text === undefined) {
      const next = elements[index + 1];
      if (next === undefined) tail = element.gap + tail;
      else elements[index + 1] = { ...next, gap: element.gap + next.gap };
      elements.splice(index, 1);
    } else {
      elements[index] = { ...element, xml: withText(file.prefix, element, text) };
    }
  }
  if (file.isOrdered) {
    const names = elements.flatMap(({ name }) => name ?? []);
    assert.deepEqual(names, names.toSorted(compareNames));
  }
  return writeFile({ ...file, tail }, elements);
}

/** Behind the last smaller name with the white space that stands before that, else before the first greater one. */
function insert(elements: GeneratedElement[], name: string, xml: string): void {
  const smaller = elements.findLastIndex((element) => element.name !== undefined && element.name < name);
  const anchor =
    smaller >= 0
      ? smaller
      : elements.findIndex((element) => element.name !== undefined && element.name > name);
  const { gap = '', lead = '' } = elements[anchor] ?? {};
  if (smaller >= 0) {
    elements.splice(anchor + 1, 0, { name, gap: '', lead, xml, parts: undefined });
  } else {
    elements.splice(anchor, 1, { name, gap, lead, xml, parts: undefined }, { ...elements[anchor]!, gap: '' });
  }
}

/** The element with its tags and comments, and this text where its own began. */
function withText(prefix: string, { name = '', xml, parts }: GeneratedElement, text: string): string {
  assert(parts !== undefined);
  if (parts.text === text) return xml;
  if (parts.close.endsWith('/>')) return `${parts.open.trimEnd()}>${text}</${prefix}${name}>`;
  const isText = parts.content.map(({ kind }) => kind === 'text');
  const isFilled = parts.content.map(({ kind, raw }) => kind === 'text' && raw.trim() !== '');
  const place = isFilled.includes(true) ? isFilled.indexOf(true) : isText.indexOf(true);
  const content = parts.content.map(({ raw }, index) => (index === place ? text : isText[index] ? '' : raw));
  return parts.open + content.join('') + (place < 0 ? text : '') + parts.close;
}

describe(`${fileCount} generated component files`, function () {
  this.timeout(180_000);

  it('are patched with nothing else changed', () => {
    let patched = 0;
    fc.assert(
      fc.property(files(globalType), files(policiesType), arbitraryWanted, (global, policies, wish) => {
        const generated = { [globalType]: global, [policiesType]: policies };
        const before = { [globalType]: writeFile(global), [policiesType]: writeFile(policies) };
        const components = read(before);
        const everything = request(generatedApp, {}, { fields: jwtFields });
        const { live } = liveAppOf(everything, components, namesOf(components));
        for (const field of jwtFields) {
          const text = writtenText(field, generated[fieldDefinitions[field].componentType]);
          assert.equal(live[field], parseFieldValue(field, text), field);
        }

        const wanted = changingBoth(wish, live);
        const changes = difference(wanted, live);
        const changed = patchComponents(request(generatedApp, wanted), components, changes);
        patched += changed.length;
        assert.deepEqual(
          changed.map(({ component }) => component.type),
          types,
        );
        const after = { ...before };
        for (const { component, xml } of changed) {
          const type = types.find((candidate) => candidate === component.type)!;
          const edits = new Map(
            fieldsOf(changes)
              .filter((field) => fieldDefinitions[field].componentType === type)
              .map((field): [string, string | undefined] => [
                field,
                changes[field] === absent ? undefined : String(changes[field]),
              ]),
          );
          if (type === globalType) rotations.forEach((rotation) => edits.set(rotation, 'false'));
          assert.equal(xml, expectedFile(generated[type], edits));
          after[type] = decodeComponent(encodeComponent(xml));
          assert.equal(after[type], xml);
        }

        const seen = read(after);
        assert.deepEqual(difference(wanted, liveAppOf(everything, seen, namesOf(seen)).live), {});
        const sent = parseComponent(after[globalType]);
        assert.deepEqual(
          rotations.map((rotation) => elementText(sent, rotation)),
          ['false', 'false'],
        );
      }),
      { numRuns: runs },
    );
    assert.equal(patched, 2 * runs);
  });

  it('keep their bytes when there is nothing to change', () => {
    fc.assert(
      fc.property(fc.oneof(files(globalType), files(policiesType)), (file) => {
        const bytes = Buffer.from(writeFile(file), 'utf8');
        assert.deepEqual(encodeComponent(decodeComponent(bytes)), bytes);
        const path = pathOf(file.type, 'Any_Name');
        const { components } = new AppIndex(readComponents(new Map([[path, bytes]]), [])).find(generatedApp);
        const { live } = liveAppOf(request(generatedApp, {}, { fields: jwtFields }), components, {});
        const wanted = Object.fromEntries(
          jwtFields
            .filter((field) => fieldDefinitions[field].componentType === file.type)
            .map((field) => [field, live[field]]),
        );
        assert.deepEqual(
          patchComponents(request(generatedApp, wanted), components, difference(wanted, live)),
          [],
        );
      }),
      { numRuns: 500 },
    );
  });
});
