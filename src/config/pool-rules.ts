import { personId, shortName } from '../domain/pool.ts';
import { type ConfigFault, suggestion } from './faults.ts';
import type { PoolsFile } from './pools-file.ts';
import type { People, PoolDraft } from './pools-schema.ts';
import type { YamlPath } from './yaml-file.ts';

/** A fault without its file: where, and why. */
type Objection = readonly [path: YamlPath, because: string];

/** What is wrong with entries that are each well formed: the rules between their fields, and between pools. */
export function judgePools({ people, drafts, faultAt }: PoolsFile): readonly ConfigFault[] {
  const objections = [
    ...(people === undefined ? [] : [...samePerson(Object.keys(people), ['people']), ...sharedAccounts(people)]),
    ...nameClashes(drafts),
    ...connectionClashes(drafts),
    ...drafts.flatMap((draft, index) => [
      ...procedureClashes(draft, index),
      ...backupClashes(draft, index),
      ...unknownPeople(draft, index, people),
      ...unmetApprovals(draft, index),
      ...unknownCalled(draft, index, people),
      ...groupsWithRights(draft, index, people),
    ]),
  ];
  return objections.map(([path, because]) => faultAt(path, because));
}

/** Ids are compared without case, so two that differ only in case would be one person with two entries. */
function samePerson(ids: readonly string[], at: YamlPath): readonly Objection[] {
  const twice = ids.filter((id, index) => ids.findIndex((other) => personId(other) === personId(id)) < index);
  return twice.map((id): Objection => [[...at, id], `${id} is listed twice`]);
}

/** Every name means one pool: a full name, an alias, or what people call a pool anyway. */
function nameClashes(drafts: readonly PoolDraft[]): readonly Objection[] {
  const names = drafts.flatMap(({ fqdn, aliases = [] }, pool) => [
    ...(fqdn === undefined ? [] : [{ name: String(fqdn), pool, path: ['pools', pool, 'fqdn'] }]),
    ...aliases.map((name, index) => ({ name, pool, path: ['pools', pool, 'aliases', index] })),
  ]);
  return names.flatMap(({ name, pool, path }, index): readonly Objection[] => {
    if (names.findIndex((other) => other.name === name) < index) return [[path, `${name} already names a pool`]];
    const called = drafts.find(({ fqdn }, other) => other !== pool && fqdn !== undefined && shortName(fqdn) === name);
    return called === undefined ? [] : [[path, `${name} is what people call ${called.fqdn}`]];
  });
}

/** Each procedure is documented for some products only (design, decision 15). */
function procedureClashes({ version, procedure }: PoolDraft, index: number): readonly Objection[] {
  const refuse = (because: string): readonly Objection[] => [[['pools', index, 'procedure'], because]];
  if (procedure === 'upgrade-domains' && version === '2019')
    return refuse('upgrade-domains is for 2013 and 2015; a 2019 pool has server-failover');
  if (procedure === 'server-failover' && version === '2013')
    return refuse('server-failover is for 2015 and 2019; a 2013 pool has upgrade-domains');
  return [];
}

/** One program runs on one machine and in one kind of time: its own Front End Server and what it reaches, or pools that are not there. */
function connectionClashes(drafts: readonly PoolDraft[]): readonly Objection[] {
  const connections = drafts.map(({ connection }, index) => ({ connection, at: ['pools', index, 'connection'] }));
  const known = connections.flatMap(({ connection, at }) => (connection === undefined ? [] : [{ connection, at }]));
  const simulated = ({ connection }: (typeof known)[number]) => connection.kind === 'simulated';
  const [own] = known.flatMap(({ connection }) => (connection.kind === 'local' ? [connection.server] : []));
  return known.flatMap((each, index): readonly Objection[] => {
    const { connection, at } = each;
    if (index > 0 && known[0] !== undefined && simulated(each) !== simulated(known[0]))
      return [[at, 'simulated pools have a file of their own: they do not stand beside real ones']];
    if (connection.kind === 'local' && connection.server !== own)
      return [[at, `Lifeguard runs on one machine, and ${own} is named already`]];
    return [];
  });
}

const backupClashes = ({ fqdn, backupPool }: PoolDraft, index: number): readonly Objection[] =>
  fqdn !== undefined && fqdn === backupPool ? [[['pools', index, 'backupPool'], 'backupPool is the pool itself']] : [];

function unknownPeople({ rights = {} }: PoolDraft, index: number, people: People | undefined): readonly Objection[] {
  const at = ['pools', index, 'rights'];
  const ids = Object.keys(rights);
  if (people === undefined) return samePerson(ids, at);
  const known = Object.keys(people);
  const strangers = ids.filter((id) => !known.some((person) => personId(person) === personId(id)));
  return [
    ...samePerson(ids, at),
    ...strangers.map((id): Objection => [[...at, id], `${id} is not among the people${suggestion(id, known)}`]),
  ];
}

/** Nobody approves their own request, so whoever may operate needs enough others: found out now and not in the night. */
function unmetApprovals({ rights = {}, approvals = 1 }: PoolDraft, index: number): readonly Objection[] {
  const having = (right: 'operate' | 'approve') => Object.keys(rights).filter((id) => rights[id]?.includes(right));
  return having('operate').flatMap((operator): readonly Objection[] => {
    const others = having('approve').filter((id) => personId(id) !== personId(operator)).length;
    if (others >= approvals) return [];
    const because = `${operator} may operate; approvals needed from others: ${approvals}, others who may approve: ${others}`;
    return [[['pools', index, 'rights', operator], because]];
  });
}

/** One account is one person: with two, somebody could approve their own request. */
function sharedAccounts(people: People): readonly Objection[] {
  const accounts = Object.entries(people).flatMap(([id, person]) =>
    (['slack', 'teams'] as const).flatMap((chat) =>
      (person?.[chat] ?? []).map((account, index) => ({ account, at: ['people', id, chat, index] })),
    ),
  );
  return accounts.flatMap(({ account, at }, index): readonly Objection[] =>
    accounts.findIndex((other) => other.account === account) < index ? [[at, `${account} is somebody's account already`]] : [],
  );
}

function unknownCalled({ call = [] }: PoolDraft, index: number, people: People | undefined): readonly Objection[] {
  if (people === undefined) return [];
  const known = Object.keys(people);
  return call.flatMap((id, place): readonly Objection[] =>
    known.some((each) => personId(each) === personId(id))
      ? []
      : [[['pools', index, 'call', place], `${id} is not among the people${suggestion(id, known)}`]],
  );
}

/** A group is only called: who is in it today is decided elsewhere, and rights are not. */
function groupsWithRights({ rights = {} }: PoolDraft, index: number, people: People | undefined): readonly Objection[] {
  const groups = Object.entries(people ?? {}).flatMap(([id, person]) => (person?.slackGroup === undefined ? [] : [personId(id)]));
  return Object.keys(rights)
    .filter((id) => groups.includes(personId(id)))
    .map((id): Objection => [['pools', index, 'rights', id], `${id} is a group, and a group has no rights`]);
}
