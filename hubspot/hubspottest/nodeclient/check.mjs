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

// dated repeats the core of a sync on a dated version.
async function dated(v) {
  const call = async (method, path, body) => {
    const r = await client.apiRequest({ method, path, ...(body ? { body } : {}) })
    const text = await r.text()
    return { status: r.status, body: text ? JSON.parse(text) : null }
  }
  const raw = async (method, path, body) => {
    try {
      return await call(method, path, body)
    } catch (e) {
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
  const erased = await raw('POST', `${root}/gdpr-delete`, { objectId: id })
  check(`${v} erased`, erased.status, 204)
  const archived = await raw('POST', `${root}/batch/archive`, { inputs: [...made.body.results, ...created.body.results].map((r) => ({ id: r.id })) })
  check(`${v} archived`, archived.status, 204)
  const dropped = await raw('DELETE', `/crm/properties/${v}/contacts/${key}`)
  check(`${v} property archived`, dropped.status, 204)
}

async function tidy({ group, key, tags }) {
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
  for (const v of ['2026-03', '2026-09']) await dated(v)
  const tools = { client, check, refused, eventually, address, run, portal }
  await lists(tools, names)
  await marketing(tools)
  await events(tools)
  await tidy(names)
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
