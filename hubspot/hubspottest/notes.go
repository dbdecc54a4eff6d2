package hubspottest

// noteObject is the row of notes in the table of object types. Their records are read
// and written with the scopes of contacts.
// https://developers.hubspot.com/docs/api-reference/latest/crm/activities/notes/guide
func noteObject(opts Options) *objectType {
	t := &objectType{
		id: noteType, singular: "note", plural: "notes", code: "NOTE",
		readScope: "crm.objects.contacts.read", writeScope: "crm.objects.contacts.write",
		schemaReadScope: "crm.schemas.contacts.read", schemaWriteScope: "crm.schemas.contacts.write",
		modified: "hs_lastmodifieddate",
		shown:    []string{"hs_createdate", "hs_lastmodifieddate", "hs_object_id"},
		always:   []string{"hs_createdate", "hs_lastmodifieddate", "hs_object_id"},
		needOne:  []string{"hs_timestamp"},
		query:    []string{"hs_note_body"},
		lenient:  true, keys: opts.NoteKeys,
		defaults: noteProperties,
		groups:   []group{{Name: "engagement", Label: "Engagement information"}, {Name: "note", Label: "Note information", DisplayOrder: 1}},
	}
	if opts.NoteSchemaScope {
		t.schemaWriteScope = "crm.schemas.notes.write"
	}
	return t
}

func noteProperties() []property {
	return expand("engagement", []field{
		{name: "hs_timestamp", label: "Activity date", kind: "datetime", widget: "date"},
		{name: "hs_note_body", label: "Note body", widget: "html"},
		{name: "hubspot_owner_id", label: "Activity assigned to", kind: "enumeration", widget: "select", external: true},
		{name: "hs_attachment_ids", label: "Attached file IDs", kind: "enumeration", widget: "checkbox", external: true},
		{name: "hs_body_preview", label: "Body preview", readOnly: true},
		{name: "hs_createdate", label: "Create date", kind: "datetime", widget: "date", readOnly: true},
		{name: "hs_lastmodifieddate", label: "Last modified date", kind: "datetime", widget: "date", readOnly: true},
		{name: "hs_object_id", label: "Record ID", kind: "number", widget: "number", readOnly: true, calculated: true},
		{name: "hs_object_source", label: "Record creation source", readOnly: true},
		{name: "hs_unique_creation_key", label: "Unique creation key", readOnly: true, hidden: true},
	})
}

// refusesKey answers why a custom property may not be unique, nil if it may.
func (t *objectType) refusesKey(in propertyInput) *failure {
	if !in.HasUniqueValue {
		return nil
	}
	switch t.keys {
	case NoteKeysRefused:
		return badRequest("Properties of object type " + t.id + " cannot have unique values")
	case NoteKeysForbidden:
		return missingScopes([]string{"crm.schemas." + t.plural + ".write"})
	}
	return nil
}
