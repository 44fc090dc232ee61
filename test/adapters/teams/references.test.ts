import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ConfigurationServiceClientCredentialFactory } from 'botbuilder';
import { teamsAdapter } from '../../../src/adapters/teams/connector.ts';
import { References } from '../../../src/adapters/teams/references.ts';
import type { Posted } from '../../../src/ports.ts';
import { asked, inTeams, PASSWORD, REQUEST } from './in-teams.ts';
import { APP, DANA, OMAR, OPS, TENANT } from './in-teams-people.ts';

const UNHEARD = { serviceUrl: 'https://smba.trafficmanager.net/teams/', bot: '28:app', tenant: 'tenant-1' };
const HEARD = { serviceUrl: 'https://smba.trafficmanager.net/emea/', bot: '28:other', tenant: 'tenant-2' };
const HOSTS = ['smba.trafficmanager.net'];

/** A record in memory. */
function aRecord() {
  const kept = new Map<string, Posted>();
  return {
    kept,
    posted: async (key: string, place: string) => kept.get(`${key} ${place}`) ?? null,
    savePosted: async (key: string, place: string, posted: Posted) => void kept.set(`${key} ${place}`, posted),
  };
}

const said = (changes: object = {}) => ({
  serviceUrl: HEARD.serviceUrl,
  recipient: { id: HEARD.bot },
  conversation: { id: 'a:dana', tenantId: HEARD.tenant, conversationType: 'personal' },
  from: { aadObjectId: 'OBJECT-1' },
  ...changes,
});

test('what a conversation was heard from by is known, threads and all, and after a restart too', async () => {
  const record = aRecord();
  const references = new References(record, UNHEARD, HOSTS);
  await references.heard(said({ conversation: { id: `${OPS};messageid=17`, tenantId: HEARD.tenant } }));
  for (const each of [references, new References(record, UNHEARD, HOSTS)]) {
    assert.deepEqual(await each.of(OPS), HEARD);
    assert.deepEqual(await each.of(`${OPS};messageid=18`), HEARD);
    assert.deepEqual(await each.of('19:another@thread.tacv2'), UNHEARD);
  }
});

test('a person’s own conversation is the newest one, whichever letters their id is written in', async () => {
  const record = aRecord();
  const references = new References(record, UNHEARD, HOSTS);
  assert.equal(await references.personal('object-1'), null);
  await references.heard(said());
  await references.heard(said({ conversation: { id: 'a:dana-2', tenantId: null, conversationType: 'personal' } }));
  await references.heard(said({ conversation: { id: OPS, tenantId: HEARD.tenant, conversationType: 'channel' } }));
  assert.equal(await references.personal('object-1'), 'a:dana-2');
  assert.equal(await new References(record, UNHEARD, HOSTS).personal('object-1'), 'a:dana-2');
});

test('a service that changes is believed from then on, and what is heard again is not written again', async () => {
  const record = aRecord();
  const references = new References(record, UNHEARD, HOSTS);
  await references.heard(said());
  const moved = 'https://smba.trafficmanager.net/amer/';
  await references.heard(said({ serviceUrl: moved }));
  assert.equal((await references.of('a:dana')).serviceUrl, moved);
  const [size, before] = [record.kept.size, [...record.kept.values()]];
  await references.heard(said({ serviceUrl: moved }));
  assert.deepEqual([record.kept.size, [...record.kept.values()]], [size, before]);
  for (const [index, posted] of [...record.kept.values()].entries()) assert.equal(posted, before[index]);
});

test('what Teams leaves empty is taken from elsewhere, and what is no activity is not kept', async () => {
  const record = aRecord();
  const references = new References(record, UNHEARD, HOSTS);
  await references.heard(said({ conversation: { id: 'a:1', tenantId: null }, channelData: { tenant: { id: 'tenant-3' } } }));
  await references.heard(said({ conversation: { id: 'a:2' }, channelData: null, from: null }));
  assert.equal((await references.of('a:1')).tenant, 'tenant-3');
  assert.equal((await references.of('a:2')).tenant, UNHEARD.tenant);
  const size = record.kept.size;
  for (const odd of [null, 7, {}, said({ serviceUrl: '' }), said({ recipient: null }), said({ conversation: { id: '' } })])
    await references.heard(odd);
  assert.equal(record.kept.size, size);
});

for (const serviceUrl of ['https://attacker.example/', 'http://smba.trafficmanager.net/emea/', 'not an address'])
  test(`a record that says ${serviceUrl} is not believed: tokens would go there`, async () => {
    const record = aRecord();
    await record.savePosted('teams-reference', OPS, { messageId: JSON.stringify({ ...HEARD, serviceUrl }), digest: '' });
    assert.deepEqual(await new References(record, UNHEARD, HOSTS).of(OPS), UNHEARD);
  });

test('a bot that was killed speaks first to the conversations it had, at the services it heard them from', async (t) => {
  const nowhere = { serviceUrl: 'http://127.0.0.1:9/nowhere/' };
  const it = await inTeams(t, { settings: nowhere });
  await it.mention(OMAR, 'pools');
  await it.mention(DANA, 'upgrade pool01');
  assert.match(await it.textAt(REQUEST), /Approve\? pool01/);
  const written = await it.store.posted('teams-reference', OPS);
  assert.deepEqual(JSON.parse(written?.messageId ?? ''), {
    serviceUrl: it.teams.serviceUrl,
    bot: it.teams.state.bot.id,
    tenant: TENANT,
  });
  await it.chat?.stop();
  await it.start();
  await it.chat?.settled();
  assert.ok(it.titles().some((title) => title.includes('I was away')));
});

test('a conversation that was never heard from is reached at the service that is configured', async (t) => {
  const it = await asked(t);
  assert.equal(it.teams.calls.filter(({ conversation }) => conversation === OPS).length > 0, true);
  assert.equal(await it.store.posted('teams-reference', '19:laboratory@thread.tacv2'), null);
  it.teams.state.conversation(OPS).closed = 'BotNotInConversationRoster';
  await it.say(DANA, 'pause pool01');
  assert.match(it.titles('19:laboratory@thread.tacv2').join(), /Upgrade of pool01/);
});

const CREDENTIALS = {
  appId: APP.id,
  tenant: TENANT,
  metadataUrl: 'http://127.0.0.1:9/',
  issuer: 'https://api.botframework.com',
};

/** What the SDK's adapter signs a request to this address with, after it was told to. */
async function signed(url: string): Promise<string> {
  const { credentialsFactory } = teamsAdapter({ ...CREDENTIALS, appPassword: PASSWORD });
  const signer = await signerOf(credentialsFactory);
  const headers = new Map<string, string>();
  await signer.signRequest({ url, headers } as never);
  return [...headers.values()].join();
}

const signerOf = (factory: Pick<ConfigurationServiceClientCredentialFactory, 'createCredentials'>) =>
  factory.createCredentials(APP.id, CREDENTIALS.issuer, 'https://login.microsoftonline.com/botframework.com', true);

/** The SDK would fetch its token from Microsoft's login service: it has one. */
async function withToken(t: TestContext): Promise<void> {
  const factory = new ConfigurationServiceClientCredentialFactory({
    MicrosoftAppId: APP.id,
    MicrosoftAppPassword: PASSWORD,
    MicrosoftAppType: 'SingleTenant',
    MicrosoftAppTenantId: TENANT,
  });
  t.mock.method(Object.getPrototypeOf(await signerOf(factory)), 'getToken', async () => 'a-token');
}

test('this machine gets no token, whatever it is called', async (t) => {
  await withToken(t);
  for (const host of ['127.0.0.1:3978', 'localhost', '[::1]:80', '127.9.9.9'])
    assert.equal(await signed(`http://${host}/v3/conversations`), '');
});

test('any other host gets one, whatever it is called', async (t) => {
  await withToken(t);
  for (const host of ['smba.trafficmanager.net', '127.0.0.1.example.com', 'localhost.example.com', '128.0.0.1'])
    assert.match(await signed(`https://${host}/teams/v3/conversations`), /a-token/, host);
});

test('a Teams that wants a token of this machine is told of none', async (t) => {
  const it = await asked(t);
  Object.assign(it.teams.state.options, { token: 'anything' });
  await it.bring(it.teams.says.personal(OMAR, 'pools'));
  assert.deepEqual(it.saidTo(OMAR), []);
  assert.match(it.logged.join('\n'), /HTTP 401/);
});
