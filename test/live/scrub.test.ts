import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { scrub } from '../../src/live/scrub.ts';

const KNOWN = { pools: ['ekpool.contoso.com'], servers: ['ekfe7.contoso.com', 'ekfe8.contoso.com'], domains: ['ad.contoso.com'] };
const scrubbed = (text: string): unknown => scrub(text, KNOWN).value;

const SCRUBBED: readonly (readonly [what: string, text: string, becomes: string])[] = [
  ['a full name', 'Server ekfe7.contoso.com: OK, UP', 'Server fe01.pool.example: OK, UP'],
  ['a full name in capitals', 'EKFE8.CONTOSO.COM', 'fe02.pool.example'],
  ['a short name', 'not UP: EKFE7, ekfe8', 'not UP: fe01, fe02'],
  ['an identity', 'Registrar:ekpool.contoso.com', 'Registrar:pool01.pool.example'],
  ['a name of the same domain that nobody knew', 'sql3.contoso.com and SQL3', 'host01.pool.example and host01'],
  ['a name of another domain', 'dc1.fabrikam.local', 'host01.pool.example'],
  ['the domain itself', 'CN=x,DC=contoso,DC=com of ad.contoso.com', 'CN=x,DC=example03,DC=com of pool.example'],
  ['an account', 'CONTOSO\\jdoe ran it; jdoe again', 'example03\\user01 ran it; user01 again'],
  ['an account of a domain with another short name', 'CTS\\svc-rtc$ ran it', 'example04\\user01 ran it'],
  ['an address of a person', 'sip:john.doe@contoso.com', 'sip:user01@domain02.example'],
  ['a SID', 'S-1-5-21-397955417-626881126-188441444-512 twice', 'S-1-5-21-1-1-1-1001 twice'],
  ['an IPv4 address', '10.1.2.3:5061 and 10.1.2.30', '192.0.2.1:5061 and 192.0.2.2'],
  ['an IPv6 address', 'fe80::5efe:a01:203%12', '2001:db8::1%12'],
  ['a share', 'to \\\\ekfs\\backups and ekfs', 'to \\\\share04\\backups and share04'],
  [
    'a name behind a control character of CLIXML',
    'a_x000A_ekfe7.contoso.com_x000D_EKFE8_x000A_b',
    'a_x000A_fe01.pool.example_x000D_fe02_x000A_b',
  ],
  ['a name in a tag', '<S N="Fqdn">ekfe7.contoso.com</S>', '<S N="Fqdn">fe01.pool.example</S>'],
];
for (const [what, text, becomes] of SCRUBBED) {
  test(`scrubbed: ${what}`, () => assert.equal(scrubbed(text), becomes));
}

for (const text of [
  'Microsoft.Rtc.Management.Hadr.PoolUpgradeState',
  'Deserialized.Microsoft.Rtc.Management.Deploy.Internal.Machine',
  '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">',
  'Skype for Business Server 2019 (7.0.2046.0): Volume license key installed.',
  '6.0.9319.272',
  'System.Private.CoreLib, Version=10.0.0.0, Culture=neutral',
  'C:\\Program Files\\Common Files\\Skype for Business Server 2015',
  'NT AUTHORITY\\NETWORK SERVICE and BUILTIN\\Administrators',
  '2026-03-03T22:00:00Z 10:20:30 ./patch-run.ps1',
  'PoolUpgradeState     : InsufficientActiveFrontEnds',
]) {
  test(`left as it is: ${text}`, () => assert.equal(scrubbed(text), text));
}

test('the same name is the same made-up one in every text, whatever the order, and property names stay', () => {
  const { value, replaced, nameOf } = scrub({ ekfe7: ['sql9', 7, null], b: { c: 'SQL9.contoso.com on ekfe7' } }, KNOWN);
  assert.deepEqual(value, { ekfe7: ['host01', 7, null], b: { c: 'host01.pool.example on fe01' } });
  assert.equal(nameOf('EKPOOL.contoso.com'), 'pool01.pool.example');
  assert.deepEqual(replaced, { names: 4, shortNames: 4, domains: 3, users: 0, sids: 0, addresses: 0, places: 3 });
});

const label = fc.stringMatching(/^[a-z]{2}[a-z0-9]{4,9}q$/);
const around = fc.constantFrom('', ' ', '\n', '"', '>', '_x000A_', '(', ';', '=', ':', '\\\\', ',', '<S>', '@{Fqdn=');

test('no name, account, SID or address is left anywhere, in whatever case and between whatever signs', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(label, { minLength: 4, maxLength: 4 }),
      fc.tuple(fc.nat(255), fc.nat(255), fc.integer({ min: 1, max: 254 })),
      fc.array(fc.tuple(around, fc.nat(7), fc.boolean(), around), { minLength: 1, maxLength: 12 }),
      ([domain = '', pool = '', server = '', user = ''], [a, b, c], places) => {
        const full = `${server}.${domain}.com`;
        const sid = `S-1-5-21-${a + 1000}-${b + 2000}-99-500`;
        const secrets = [full, server, `${pool}.${domain}.com`, pool, `${domain}\\${user}`, user, sid, `10.${a}.${b}.${c}`];
        const known = { pools: [`${pool}.${domain}.com`], servers: [full], domains: [] };
        const text = places.map(([before, index, loud, after]) => {
          const secret = secrets[index] ?? '';
          return `${before}${loud ? secret.toUpperCase() : secret}${after}`;
        });
        // The account is known by its domain, so it stands there once.
        const left = JSON.stringify(scrub([`${domain}\\${user}`, ...text.map((each) => ` ${each} `)], known).value).toLowerCase();
        for (const secret of [domain, pool, server, user, sid.toLowerCase(), `10.${a}.${b}.${c}`])
          assert.ok(!left.includes(secret), `${secret} in ${left}`);
      },
    ),
    { numRuns: 400 },
  );
});
