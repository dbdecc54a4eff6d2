// Runs HubSpot's official Node client against the simulator and checks each answer.
//
//   go run ./hubspot/hubspottest/hubspotsim -addr 127.0.0.1:9090 -portal 12345678 -token TOKEN -plan enterprise -search-lag 300ms
//   cd hubspot/hubspottest/nodeclient && npm ci
//   HUBSPOT_URL=http://127.0.0.1:9090 HUBSPOT_TOKEN=TOKEN HUBSPOT_PORTAL=12345678 node check.mjs
//
// Prints "N checks passed", or every mismatch and exits 1. The typed calls of the client
// use the v3 paths; the dated paths go through its untyped apiRequest. It may run any
// number of times against one simulator, and against a validating proxy in front of it.

import { Client } from '@hubspot/api-client'
import { events, lists, marketing } from './lists.mjs'

const url = process.env.HUBSPOT_URL
if (!url) {
  console.error('HUBSPOT_URL is not set')
  process.exit(1)
}
const accessToken = process.env.HUBSPOT_TOKEN ?? 'TOKEN'
const portal = Number(process.env.HUBSPOT_PORTAL ?? '12345678')
const client = new Client({ accessToken, basePath: url, numberOfApiCallRetries: 2 }) // waits out a 429
const run = Date.now().toString(36) + Math.floor(Math.random() * 1e6).toString(36)

let passed = 0
const failures = []
function check(what, got, want) {
  const a = JSON.stringify(got)
  const b = JSON.stringify(want)
  if (a === b) passed++
  else failures.push(`${what}: got ${a}, want ${b}`)
}

// refused runs a call that must fail and answers its status and body.
async function refused(what, call) {
  try {
    await call()
  } catch (e) {
    const body = typeof e.body === 'string' ? JSON.parse(e.body) : e.body
    return { status: e.code, body: body ?? {} }
  }
  failures.push(`${what}: was not refused`)
  return { status: 0, body: {} }
}

// eventually repeats a call until it answers what is wanted: search lags behind.
async function eventually(what, call, done) {
  const end = Date.now() + 30_000
  for (;;) {
    const got = await call()
    if (done(got)) {
      passed++
      return got
    }
    if (Date.now() > end) {
      failures.push(`${what}: not within 30 s: ${JSON.stringify(got)}`)
      return got
    }
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

const address = (name) => `${name}.${run}@example.org`
const byEmail = (results, email) => results.find((r) => r.properties.email === email)

async function properties() {
  const { coreApi, batchApi, groupsApi } = client.crm.properties
  const group = `g_${run}`
  const key = `key_${run}`
  check('group created', (await groupsApi.create('contacts', { name: group, label: 'Group' })).name, group)
  check('group read', (await groupsApi.getByName('contacts', group)).label, 'Group')
  check('group renamed', (await groupsApi.update('contacts', group, { label: 'Other' })).label, 'Other')
  check('groups listed', (await groupsApi.getAll('contacts')).results.some((g) => g.name === group), true)
  const made = await coreApi.create('contacts', {
    name: key, label: 'Key', type: 'string', fieldType: 'text', groupName: group, hasUniqueValue: true,
  })
  check('property created', [made.name, made.hasUniqueValue, made.createdAt instanceof Date], [key, true, true])
  const again = await refused('property twice', () =>
    coreApi.create('contacts', { name: key, label: 'Key', type: 'string', fieldType: 'text', groupName: group }))
  check('property twice', [again.status, again.body.category], [409, 'OBJECT_ALREADY_EXISTS'])
  const tags = `tags_${run}`
  const option = (value, displayOrder) => ({ label: value.toUpperCase(), value, displayOrder, hidden: false })
  const batch = await batchApi.create('contacts', {
    inputs: [{ name: tags, label: 'Tags', type: 'enumeration', fieldType: 'checkbox', groupName: group, options: [option('a', 0), option('b', 1)] }],
  })
  check('properties created', batch.results.map((p) => p.name), [tags])
  const patched = await coreApi.update('contacts', tags, { options: [option('a', 0), option('b', 1), option('c', 2)] })
  check('options replaced', patched.options.map((o) => o.value), ['a', 'b', 'c'])
  check('property read', (await coreApi.getByName('contacts', tags)).fieldType, 'checkbox')
  const all = await coreApi.getAll('contacts')
  check('properties listed', [key, tags, 'email', 'hs_object_id'].every((n) => all.results.some((p) => p.name === n)), true)
  const read = await batchApi.read('contacts', { archived: false, dataSensitivity: 'non_sensitive', inputs: [{ name: key }, { name: tags }] })
  check('properties read', read.results.map((p) => p.name).sort(), [key, tags].sort())
  return { group, key, tags }
}

async function contacts({ key, tags }) {
  const { basicApi, batchApi, searchApi } = client.crm.contacts
  const ada = await basicApi.create({ properties: { email: address('Ada'), firstname: 'Ada' }, associations: [] })
  check('contact created', [ada.properties.email, ada.archived, ada.createdAt instanceof Date], [address('ada'), false, true])
  const dup = await refused('contact twice', () => basicApi.create({ properties: { email: address('ADA') }, associations: [] }))
  check('contact twice', [dup.status, dup.body.category, dup.body.message?.endsWith(ada.id)], [409, 'CONFLICT', true])
  const bad = await refused('invalid email', () => basicApi.create({ properties: { email: 'nonsense' }, associations: [] }))
  check('invalid email', [bad.status, bad.body.errors?.[0]?.code], [400, 'INVALID_EMAIL'])
  const got = await basicApi.getById(ada.id, ['email', 'phone'])
  check('contact read', [got.properties.email, got.properties.phone], [address('ada'), null])
  const byMail = await basicApi.getById(address('ada'), ['firstname'], undefined, undefined, false, 'email')
  check('contact read by email', byMail.id, ada.id)
  const patched = await basicApi.update(ada.id, { properties: { lastname: 'Lovelace', [tags]: 'a;b' } })
  check('contact updated', [patched.properties.lastname, patched.properties[tags]], ['Lovelace', 'a;b'])

  const created = await batchApi.create({ inputs: ['bea', 'cyd'].map((n) => ({ properties: { email: address(n) }, associations: [] })) })
  check('contacts created', [created.status, created.results.length], ['COMPLETE', 2])
  const upsert = (n, k, extra = {}) => ({ id: k, idProperty: key, objectWriteTraceId: k, properties: { email: address(n), ...extra } })
  const upserted = await batchApi.upsert({ inputs: [upsert('dan', '1'), upsert('eve', '2')] })
  check('upsert creates', upserted.results.map((r) => r._new), [true, true])
  const again = await batchApi.upsert({ inputs: [upsert('dan', '1', { city: 'Bern' }), upsert('eve', '2', { [tags]: ';c' })] })
  check('upsert updates', again.results.map((r) => r._new), [false, false])
  const dan = byEmail(again.results, address('dan'))
  check('upsert keeps the record', dan?.id, byEmail(upserted.results, address('dan'))?.id)
  const partial = await batchApi.upsert({ inputs: [upsert('fay', '3'), upsert('ada', '4')] })
  check('partial upsert', [partial.results.length, partial.numErrors, partial.errors?.[0]?.category], [1, 1, 'CONFLICT'])
  check('partial upsert names the input', partial.errors?.[0]?.context?.objectWriteTraceId, ['4'])
  const twice = await refused('one key twice', () => batchApi.upsert({ inputs: [upsert('gus', '5'), upsert('gus', '5')] }))
  check('one key twice', [twice.status, twice.body.category], [400, 'VALIDATION_ERROR'])
  const read = await batchApi.read({ idProperty: key, inputs: [{ id: '1' }, { id: '2' }, { id: 'x' }], properties: ['email', tags], propertiesWithHistory: [] })
  check('batch read', [read.results.length, read.errors?.[0]?.category], [2, 'OBJECT_NOT_FOUND'])
  check('appended option', byEmail(read.results, address('eve'))?.properties[tags], 'c')
  const updated = await batchApi.update({ inputs: [{ id: dan.id, properties: { firstname: 'Dan' } }] })
  check('batch update', updated.results[0]?.properties.firstname, 'Dan')

  const query = {
    filterGroups: [{ filters: [{ propertyName: 'email', operator: 'CONTAINS_TOKEN', value: `*${run}*` }] }],
    sorts: ['createdate'], properties: ['email'], limit: 2, after: '0',
  }
  const found = await eventually('search sees the writes', () => searchApi.doSearch(query), (r) => r.total === 6)
  check('search pages', [found.results.length, found.paging?.next?.after], [2, '2'])
  const page = await basicApi.getPage(1, undefined, ['email'])
  check('contacts listed', [page.results.length, typeof page.paging?.next?.after], [1, 'string'])

  const cyd = byEmail(created.results, address('cyd'))
  const bea = byEmail(created.results, address('bea'))
  const merged = await basicApi.merge({ primaryObjectId: bea.id, objectIdToMerge: cyd.id })
  check('old id redirects', (await basicApi.getById(cyd.id, ['email'])).id, merged.id)
  await basicApi.archive(ada.id)
  const gone = await refused('archived contact', () => basicApi.getById(ada.id))
  check('archived contact', gone.status, 404)
  check('archived contact is in the bin', (await basicApi.getById(ada.id, undefined, undefined, undefined, true)).archived, true)
  const rest = [...upserted.results, ...partial.results].map((r) => ({ id: r.id }))
  await batchApi.archive({ inputs: [...rest, { id: merged.id }] })
  const none = await batchApi.read({ inputs: rest, properties: [], propertiesWithHistory: [] })
  check('all archived', none.results.length, 0)
}

async function companies() {
  const { basicApi, batchApi, searchApi } = client.crm.companies
  const { coreApi } = client.crm.properties
  const key = `org_${run}`
  await coreApi.create('companies', { name: key, label: 'Key', type: 'string', fieldType: 'text', groupName: 'companyinformation', hasUniqueValue: true })
  const org = (id) => ({ id, idProperty: key, objectWriteTraceId: id, properties: { name: `Org ${id} ${run}`, domain: `${run}.example` } })
  const made = await batchApi.upsert({ inputs: [org('1'), org('2'), org('3')] })
  check('companies upserted', made.results.map((r) => [r._new, r.properties.domain]), Array(3).fill([true, `${run}.example`]))
  const again = await batchApi.upsert({ inputs: [org('1')] })
  const [one, two, three] = ['1', '2', '3'].map((n) => made.results.find((r) => r.properties[key] === n).id)
  check('company kept', again.results.map((r) => [r._new, r.id]), [[false, one]])
  const patched = await basicApi.update(one, { properties: { city: 'Bern', numberofemployees: '12' } })
  check('company updated', [patched.properties.city, patched.properties.numberofemployees], ['Bern', '12'])
  const bad = await refused('nameless company', () => basicApi.create({ properties: { city: 'Bern' }, associations: [] }))
  check('nameless company', [bad.status, bad.body.category], [400, 'VALIDATION_ERROR'])
  const history = await batchApi.read({ inputs: [{ id: one }], properties: ['city'], propertiesWithHistory: ['city'] })
  check('history', history.results[0].propertiesWithHistory?.city?.map((v) => v.value), ['Bern'])
  const query = {
    filterGroups: [{ filters: [{ propertyName: 'name', operator: 'CONTAINS_TOKEN', value: run }] }],
    sorts: ['name'], properties: ['name', 'domain'], limit: 10, after: '0',
  }
  await eventually('companies found', () => searchApi.doSearch(query), (r) => r.total === 3)
  const merged = await basicApi.merge({ primaryObjectId: two, objectIdToMerge: three })
  check('merged company', (await basicApi.getById(three, ['name'])).id, merged.id)
  return { key, one, two: merged.id }
}

async function associations({ one, two }) {
  const { basicApi, batchApi, schema } = client.crm.associations.v4
  const person = (await client.crm.contacts.basicApi.create({ properties: { email: address('gil') }, associations: [] })).id
  const loner = (await client.crm.contacts.basicApi.create({ properties: { email: address('hal') }, associations: [] })).id
  const pair = (from, to, ...types) => ({ _from: { id: from }, to: { id: to }, ...(types.length > 0 ? { types } : {}) })
  const linked = await batchApi.createDefault('contacts', 'companies', { inputs: [pair(person, one), pair(person, '5')] })
  check('associated both ways', linked.results.map((r) => r.associationSpec.associationTypeId).sort(), [279, 280])
  check('unknown company', [linked.numErrors, linked.errors?.[0]?.context?.INVALID_OBJECT_IDS], [1, ['COMPANY=5 is not valid']])
  const single = await basicApi.createDefault('contacts', person, 'companies', two)
  check('associated one', single.results.length, 2)
  const name = `label_${run}`
  const labels = await schema.definitionsApi.create('contacts', 'companies', { name, label: `Board ${run}` })
  const label = labels.results[0]
  check('label created', [label.category, label.label], ['USER_DEFINED', `Board ${run}`])
  const primary = { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 1 }
  const own = { associationCategory: 'USER_DEFINED', associationTypeId: label.typeId }
  const put = await basicApi.create('contacts', person, 'companies', one, [own, primary])
  check('labelled one', [String(put.fromObjectId), put.toObjectTypeId, put.labels], [person, '0-2', ['Primary', `Board ${run}`]])
  const batch = await batchApi.create('contacts', 'companies', { inputs: [pair(person, two, primary)] })
  check('labelled', batch.results.map((r) => r.labels), [['Primary']])
  const read = await batchApi.getPage('contacts', 'companies', { inputs: [{ id: person }, { id: loner }] })
  check('read', read.results.map((r) => [r._from.id, r.to.length]), [[person, 2]])
  check('no associations', [read.errors?.[0]?.subCategory, read.errors?.[0]?.context?.fromObjectId], ['crm.associations.NO_ASSOCIATIONS_FOUND', [loner]])
  const page = await basicApi.getPage('contacts', person, 'companies', undefined, 1)
  check('page', [page.results.length, typeof page.paging?.next?.after], [1, 'string'])
  const rest = await basicApi.getPage('contacts', person, 'companies', page.paging.next.after, 1)
  const types = [...page.results, ...rest.results].map((r) => [String(r.toObjectId), r.associationTypes.map((t) => t.typeId)])
  check('types', types.sort(), [[one, [279, label.typeId]], [two, [279, 1]]].sort())
  await batchApi.archiveLabels('contacts', 'companies', { inputs: [pair(person, one, own)] })
  await schema.definitionsApi.remove('contacts', 'companies', label.typeId)
  const known = await schema.definitionsApi.getAll('contacts', 'companies')
  check('labels', known.results.map((l) => l.typeId).sort(), [1, 279])

  const { basicApi: noteApi, batchApi: notes } = client.crm.objects.notes
  const to = (id, typeId) => ({ to: { id }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: typeId }] })
  const note = (body, trace, ...links) => ({
    objectWriteTraceId: trace, properties: { hs_timestamp: '2026-11-01T10:00:00Z', hs_note_body: body }, associations: links,
  })
  const written = await notes.create({ inputs: [note('<p>one</p>', 'a', to(person, 202), to(one, 190)), note('two', 'b', to('5', 202))] })
  check('notes', [written.results.length, written.errors?.[0]?.context?.objectWriteTraceId], [1, ['b']])
  const id = written.results[0].id
  check('note read', (await noteApi.getById(id, ['hs_note_body'])).properties.hs_note_body, '<p>one</p>')
  const untimed = await refused('note without time', () => noteApi.create({ properties: { hs_note_body: 'x' }, associations: [] }))
  check('note without time', [untimed.status, untimed.body.context?.properties], [400, ['hs_timestamp']])
  const noteKey = `act_${run}`
  await client.crm.properties.coreApi.create('notes', { name: noteKey, label: 'Key', type: 'string', fieldType: 'text', groupName: 'note', hasUniqueValue: true })
  const keyed = { id: '1', idProperty: noteKey, properties: { hs_timestamp: '2026-11-01T10:00:00Z', hs_note_body: 'three' } }
  const first = await notes.upsert({ inputs: [keyed] })
  const second = await notes.upsert({ inputs: [keyed] })
  check('note upserted', [first.results[0]._new, second.results[0]._new, second.results[0].id], [true, false, first.results[0].id])
  await batchApi.createDefault('notes', 'contacts', { inputs: [pair(first.results[0].id, person)] })
  const theirs = await batchApi.getPage('contacts', 'notes', { inputs: [{ id: person }] })
  check('notes of a contact', theirs.results[0].to.map((t) => [String(t.toObjectId), t.associationTypes[0].typeId]), [[id, 201], [first.results[0].id, 201]])
  await client.crm.contacts.basicApi.archive(person)
  const left = await batchApi.getPage('notes', 'companies', { inputs: [{ id }] })
  check('the note stays with the company', left.results[0].to.map((t) => String(t.toObjectId)), [one])
  await basicApi.archive('notes', id, 'companies', one)
  await batchApi.archive('notes', 'contacts', { inputs: [{ _from: { id }, to: [{ id: person }] }] })
  await notes.archive({ inputs: [{ id }, { id: first.results[0].id }] })
  await client.crm.properties.coreApi.archive('notes', noteKey)
  await client.crm.contacts.basicApi.archive(loner)
  await client.crm.companies.batchApi.archive({ inputs: [{ id: one }, { id: two }] })
}

// dated repeats the core of a sync on a dated version.
async function dated(v) {
  const call = async (method, path, body) => {
    const r = await client.apiRequest({ method, path, ...(body ? { body } : {}) })
    const text = await r.text()
    return { status: r.status, body: text ? JSON.parse(text) : null }
  }
  const raw = async (method, path, body, patience = 2) => {
    try {
      return await call(method, path, body)
    } catch (e) {
      if (e.code === 429 && patience > 0) { // apiRequest does not wait by itself
        await new Promise((resolve) => setTimeout(resolve, 10_000))
        return raw(method, path, body, patience - 1)
      }
      return { status: e.code, body: typeof e.body === 'string' ? JSON.parse(e.body) : e.body }
    }
  }
  const account = await raw('GET', `/account-info/${v}/details`)
  check(`${v} account`, [account.status, account.body.portalId], [200, portal])
  const limits = await raw('GET', `/crm/limits/${v}/custom-properties`)
  check(`${v} limits`, [limits.status, limits.body.byObjectType.some((t) => t.objectTypeId === '0-1')], [200, true])
  const key = `key_${v.replace('-', '_')}_${run}`
  const property = await raw('POST', `/crm/properties/${v}/contacts`, {
    name: key, label: 'Key', type: 'string', fieldType: 'text', groupName: 'contactinformation', hasUniqueValue: true,
  })
  check(`${v} property`, [property.status, property.body.name], [201, key])
  const root = `/crm/objects/${v}/contacts`
  const inputs = ['1', '2'].map((id) => ({ id, idProperty: key, objectWriteTraceId: id, properties: { email: address(v + id) } }))
  const made = await raw('POST', `${root}/batch/upsert`, { inputs })
  check(`${v} upsert`, [made.status, made.body.results.map((r) => r.new)], [200, [true, true]])
  const id = byEmail(made.body.results, address(`${v}1`)).id
  const update = await raw('POST', `${root}/batch/update`, { inputs: [{ id, properties: { city: 'Bern' } }] })
  check(`${v} update`, [update.status, update.body.results[0].properties.city], [200, 'Bern'])
  const read = await raw('POST', `${root}/batch/read`, { idProperty: key, inputs: [{ id: '1' }, { id: '9' }], properties: ['city'], propertiesWithHistory: [] })
  check(`${v} read`, [read.status, read.body.results.length, read.body.errors.length], [v === '2026-09' ? 200 : 207, 1, 1])
  const created = await raw('POST', `${root}/batch/create`, { inputs: [{ properties: { email: address(`${v}3`) }, associations: [] }] })
  check(`${v} create`, created.status, 201)
  const conflict = await raw('POST', root, { properties: { email: address(`${v}3`) }, associations: [] })
  check(`${v} conflict`, [conflict.status, conflict.body.category], [409, 'CONFLICT'])
  const firm = (await raw('POST', `/crm/objects/${v}/companies`, { properties: { name: `Firm ${run}` }, associations: [] })).body.id
  const links = `/crm/associations/${v}/contacts/companies`
  const pair = { from: { id }, to: { id: firm } }
  const linked = await raw('POST', `${links}/batch/associate/default`, { inputs: [pair, { from: { id }, to: { id: '5' } }] })
  check(`${v} associated`, [linked.status, linked.body.results.length, linked.body.errors.length], [200, 2, 1])
  const types = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 1 }]
  const labelled = await raw('POST', `${links}/batch/create`, { inputs: [{ ...pair, types }] })
  check(`${v} labelled`, [labelled.status, labelled.body.results[0].labels], [v === '2026-09' ? 200 : 201, ['Primary']])
  const put = await raw('PUT', `${root}/${id}/associations/companies/${firm}`, types)
  check(`${v} labelled one`, [put.status, put.body.toObjectId], [201, firm])
  const fetched = await raw('POST', `${links}/batch/read`, { inputs: [{ id }, { id: '5' }] })
  check(`${v} associations`, [fetched.status, fetched.body.results[0].to[0].toObjectId, fetched.body.errors.length], [v === '2026-09' ? 200 : 207, firm, 1])
  const gone = await raw('POST', `${links}/batch/labels/archive`, { inputs: [{ ...pair, types }] })
  check(`${v} label removed`, [gone.status, gone.body.results], [200, []])
  const known = await raw('GET', `${links}/labels`)
  check(`${v} labels`, [known.status, known.body.results.length], [200, 2])
  const note = await raw('POST', `/crm/objects/${v}/notes/batch/create`, {
    inputs: [{
      objectWriteTraceId: '1', properties: { hs_timestamp: '2026-11-01T10:00:00Z', hs_note_body: 'x' },
      associations: [{ to: { id: firm }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 190 }] }],
    }],
  })
  check(`${v} note`, [note.status, note.body.results.length], [201, 1])
  const ended = await raw('POST', `${links}/batch/archive`, { inputs: [{ from: { id }, to: [{ id: firm }] }] })
  check(`${v} disassociated`, [ended.status, ended.body.status], [200, 'COMPLETE'])
  for (const [type, record] of [['notes', note.body.results[0].id], ['companies', firm]]) {
    check(`${v} ${type} archived`, (await raw('DELETE', `/crm/objects/${v}/${type}/${record}`)).status, 204)
  }
  const erased = await raw('POST', `${root}/gdpr-delete`, { objectId: id })
  check(`${v} erased`, erased.status, 204)
  const archived = await raw('POST', `${root}/batch/archive`, { inputs: [...made.body.results, ...created.body.results].map((r) => ({ id: r.id })) })
  check(`${v} archived`, archived.status, 204)
  const dropped = await raw('DELETE', `/crm/properties/${v}/contacts/${key}`)
  check(`${v} property archived`, dropped.status, 204)
}

async function tidy({ group, key, tags }, { key: org }) {
  await client.crm.properties.coreApi.archive('companies', org)
  await client.crm.properties.coreApi.archive('contacts', key)
  await client.crm.properties.batchApi.archive('contacts', { inputs: [{ name: tags }] })
  const gone = await refused('archived property', () => client.crm.properties.coreApi.getByName('contacts', key))
  check('archived property', gone.status, 404)
  await client.crm.properties.groupsApi.archive('contacts', group)
  check('group archived', (await client.crm.properties.groupsApi.getAll('contacts')).results.some((g) => g.name === group), false)
}

try {
  const names = await properties()
  await contacts(names)
  const orgs = await companies()
  await associations(orgs)
  for (const v of ['2026-03', '2026-09']) await dated(v)
  const tools = { client, check, refused, eventually, address, run, portal }
  await lists(tools, names)
  await marketing(tools)
  await events(tools)
  await tidy(names, orgs)
  const stranger = new Client({ accessToken: `${accessToken}-wrong`, basePath: url })
  const denied = await refused('a wrong token', () => stranger.crm.contacts.basicApi.getPage(1))
  check('a wrong token', [denied.status, denied.body.category], [401, 'INVALID_AUTHENTICATION'])
} catch (e) {
  failures.push(`the client threw: ${e.stack ?? e}`)
}
for (const f of failures) console.error(f)
if (failures.length > 0) {
  console.error(`${failures.length} checks failed, ${passed} passed`)
  process.exit(1)
}
console.log(`${passed} checks passed`)
