// The part of check.mjs about lists, marketing events and custom events.

const anyOf = (property, ...values) => ({
  filterBranchType: 'OR', filterBranchOperator: 'OR', filters: [], filterBranches: [{
    filterBranchType: 'AND', filterBranchOperator: 'AND', filterBranches: [], filters: [{
      filterType: 'PROPERTY', property,
      operation: { operationType: 'ENUMERATION', operator: 'IS_ANY_OF', values, includeObjectsWithNoValueSet: false },
    }],
  }],
})

// people makes contacts for the checks below and answers their ids by name.
async function people({ client, address }, names) {
  const made = await client.crm.contacts.batchApi.create({
    inputs: names.map((n) => ({ properties: { email: address(n) }, associations: [] })),
  })
  return Object.fromEntries(names.map((n) => [n, made.results.find((r) => r.properties.email === address(n)).id]))
}

export async function lists(tools, { tags }) {
  const { client, check, refused, eventually, run } = tools
  const { listsApi, membershipsApi, foldersApi } = client.crm.lists
  const { hal, ida } = await people(tools, ['hal', 'ida'])
  const name = `List ${run}`
  const folder = (await foldersApi.create({ name: `Folder ${run}`, parentFolderId: '0' })).folder
  const { list } = await listsApi.create({ name, objectTypeId: '0-1', processingType: 'MANUAL', listFolderId: Number(folder.id) })
  check('list created', [list.name, list.processingType, list.objectTypeId, list.createdAt instanceof Date], [name, 'MANUAL', '0-1', true])
  const taken = await refused('list twice', () => listsApi.create({ name, objectTypeId: '0-1', processingType: 'MANUAL' }))
  check('list twice', [taken.status, taken.body.subCategory], [400, 'ILS.DUPLICATE_LIST_NAMES'])
  check('list by name', (await listsApi.getByName(name, '0-1')).list.listId, list.listId)
  check('lists by id', (await listsApi.getAll([list.listId], true)).lists.map((l) => l.name), [name])

  const added = await membershipsApi.add(list.listId, [hal, ida, '7'])
  check('members added', [added.recordsIdsAdded.sort(), added.recordIdsMissing], [[hal, ida].sort(), ['7']])
  const again = await membershipsApi.addAndRemove(list.listId, { recordIdsToAdd: [hal], recordIdsToRemove: [ida] })
  check('members changed', [again.recordsIdsAdded, again.recordIdsRemoved], [[], [ida]])
  check('members paged', (await membershipsApi.getPage(list.listId, undefined, undefined, 1)).results.map((r) => r.recordId), [hal])
  check('lists of a record', (await membershipsApi.getLists('0-1', hal)).results.map((r) => r.listId), [list.listId])
  check('list size', (await listsApi.getById(list.listId)).list.size, 1)
  check('members removed', (await membershipsApi.remove(list.listId, [hal])).recordIdsRemoved, [hal])

  const follows = (await listsApi.create({ name: `${name} b`, objectTypeId: '0-1', processingType: 'DYNAMIC', filterBranch: anyOf(tags, 'b') })).list
  await client.crm.contacts.basicApi.update(hal, { properties: { [tags]: 'a;b' } })
  const members = async (id) => (await membershipsApi.getPage(id)).results.map((r) => r.recordId).join()
  await eventually('list follows', () => members(follows.listId), (got) => got === hal)
  const filtered = (await listsApi.getById(follows.listId, true)).list
  check('list filter', filtered.filterBranch.filterBranches[0].filters[0].operation.values, ['b'])
  const closed = await refused('members of a dynamic list', () => membershipsApi.add(follows.listId, [ida]))
  check('members of a dynamic list', closed.status, 400)
  const refiltered = (await listsApi.updateListFilters(follows.listId, { filterBranch: anyOf(tags, 'c') }, false)).updatedList
  check('list refiltered', [refiltered.listId, refiltered.processingStatus], [follows.listId, 'PROCESSING'])
  await eventually('list follows its new filter', () => members(follows.listId), (got) => got === '')

  const found = await listsApi.doSearch({ query: name, offset: 0, count: 1, processingTypes: ['MANUAL'], listIds: [], additionalProperties: [] })
  check('lists searched', [found.lists.map((l) => l.name), found.total, found.hasMore], [[name], 1, false])
  check('list renamed', (await listsApi.updateName(list.listId, `${name} a`)).updatedList.name, `${name} a`)
  check('folder read', (await foldersApi.getAll(folder.id)).folder.childLists, [Number(list.listId)])
  await foldersApi.moveList({ listId: list.listId, newFolderId: '0' })
  check('list moved', (await foldersApi.getAll(folder.id)).folder.childLists, [])
  await listsApi.remove(list.listId)
  check('list deleted', (await refused('deleted list', () => listsApi.getById(list.listId))).status, 404)
  await listsApi.restore(list.listId)
  check('list restored', (await listsApi.getById(list.listId)).list.name, `${name} a`)
  for (const l of [list, follows]) await listsApi.remove(l.listId)
  await client.crm.contacts.batchApi.archive({ inputs: [{ id: hal }, { id: ida }] })
}

export async function marketing(tools) {
  const { client, check, refused, run } = tools
  const { basicApi, batchApi, addEventAttendeesApi } = client.marketing.events
  const { joy } = await people(tools, ['joy'])
  const id = `event-${run}`
  const event = { externalAccountId: 'club', externalEventId: id, eventName: 'Choir', eventOrganizer: 'Club', startDateTime: new Date(Date.UTC(2026, 11, 1)), customProperties: [] }
  const made = await batchApi.upsert({ inputs: [event] })
  check('marketing event made', [made.status, made.results.map((r) => r.eventName)], ['COMPLETE', ['Choir']])
  const inputs = [{ vid: Number(joy), interactionDateTime: Date.now(), properties: {} }]
  for (const state of ['register', 'attend']) {
    const seen = await addEventAttendeesApi.recordByContactIds(id, state, { inputs }, 'club')
    check(`contact did ${state}`, seen.results.map((r) => String(r.vid)), [joy])
  }
  const lost = await addEventAttendeesApi.recordByContactIds(id, 'cancel', { inputs: [{ ...inputs[0], vid: 7 }] }, 'club')
  check('unknown contact', [lost.results.length, lost.numErrors], [0, 1])
  const got = await basicApi.getDetails(id, 'club')
  check('marketing event read', [got.externalEventId, got.registrants, got.attendees, got.cancellations], [id, 1, 1, 0])
  const none = await refused('unknown marketing event', () => basicApi.getDetails(`${id}-x`, 'club'))
  check('unknown marketing event', none.status, 404)
  await client.crm.contacts.basicApi.archive(joy)
}

// events needs a portal with an Enterprise plan.
export async function events(tools) {
  const { client, check, refused, run, portal } = tools
  const { kim } = await people(tools, ['kim'])
  const call = async (method, path, body) => (await client.apiRequest({ method, path, body })).json()
  const eventName = `pe${portal}_e_${run}`
  const made = await call('POST', '/events/v3/event-definitions', {
    label: 'Renewed', name: `e_${run}`, includeDefaultProperties: false, propertyDefinitions: [{ name: 'plan', label: 'Plan', type: 'string' }],
  })
  check('event defined', [made.fullyQualifiedName, made.properties.map((p) => p.name)], [eventName, ['plan']])
  const event = { eventName, objectId: kim, uuid: run, occurredAt: new Date(), properties: { plan: 'gold' } }
  await client.events.send.basicApi.send(event)
  await client.events.send.batchApi.send({ inputs: [event, { ...event, uuid: `${run}-2` }] })
  const unknown = await refused('unknown event', () => client.events.send.basicApi.send({ ...event, eventName: `${eventName}x` }))
  check('unknown event', unknown.status, 400)
  await client.crm.contacts.basicApi.archive(kim)
}
