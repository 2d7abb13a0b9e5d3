import assert from 'node:assert/strict';
import { parseSfdxAuthUrl } from '../../../../provider/src/signIn/sfdxAuthUrl.js';

describe('parseSfdxAuthUrl', () => {
  const table: [string, ReturnType<typeof parseSfdxAuthUrl>][] = [
    [
      ' force://PlatformCLI::5Aep861._x-y==@acme.my.salesforce.com\n',
      {
        clientId: 'PlatformCLI',
        clientSecret: undefined,
        refreshToken: '5Aep861._x-y==',
        loginUrl: 'https://acme.my.salesforce.com',
      },
    ],
    [
      'force://3MVG9.key=:5ECRET==:5Aep=@acme--uat.sandbox.my.salesforce.com/',
      {
        clientId: '3MVG9.key=',
        clientSecret: '5ECRET==',
        refreshToken: '5Aep=',
        loginUrl: 'https://acme--uat.sandbox.my.salesforce.com',
      },
    ],
    ...(
      [
        ['acme.example.com:8443', 'https://acme.example.com:8443'],
        ['acme.example.com:443', 'https://acme.example.com'],
        ['127.0.0.1:8080', 'http://127.0.0.1:8080'],
        ['localhost:443', 'http://localhost:443'],
        ['[::1]:8080', 'http://[::1]:8080'],
        ['127.0.0.1.example.com', 'https://127.0.0.1.example.com'],
      ] as const
    ).map(([host, loginUrl]): [string, ReturnType<typeof parseSfdxAuthUrl>] => [
      `force://id::token@${host}`,
      { clientId: 'id', clientSecret: undefined, refreshToken: 'token', loginUrl },
    ]),
    ['force://:secret:token@acme.example.com', undefined],
    ['force://id:secret:@acme.example.com', undefined],
    ['force://id:secret:token=x@acme.example.com', undefined],
    ['force://id:secret:to ken@acme.example.com', undefined],
    ['force://id:secret:token@acme.example.com:99999', undefined],
    ['force://id:secret:token@acme.example.com@evil.example.com', undefined],
    ['force://id:secret:token@acme.example.com/path', undefined],
    ['', undefined],
  ];
  for (const [text, parts] of table) {
    it(`parses ${JSON.stringify(text)} as ${parts?.loginUrl ?? 'invalid'}`, () => {
      assert.deepEqual(parseSfdxAuthUrl(text), parts);
    });
  }
});
