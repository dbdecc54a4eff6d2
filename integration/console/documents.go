package console

import (
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

// secretDoc is all that ever leaves of a secret.
type secretDoc struct {
	Set         bool       `json:"set"`
	Hint        string     `json:"hint,omitempty"` // the last four characters
	Fingerprint string     `json:"fingerprint,omitempty"`
	SetAt       *time.Time `json:"setAt,omitempty"`
	SetBy       string     `json:"setBy,omitempty"`
}

func secretOf(s integration.StoredSettings, key string) secretDoc {
	secret := s.Settings.Secret(key)
	if secret.IsZero() {
		return secretDoc{}
	}
	doc := secretDoc{Set: true, Hint: secret.Hint(), Fingerprint: secret.Fingerprint(), SetBy: s.SecretsSetBy[key]}
	if at, ok := s.SecretsSetAt[key]; ok && !at.IsZero() {
		at = at.UTC()
		doc.SetAt = &at
	}
	return doc
}

// settingsDoc is the settings as GET settings shows them: the schema's keys
// beside the console's own version, updatedAt and updatedBy. What is not
// stored has the default of its field.
func settingsDoc(schema integration.Schema, s integration.StoredSettings) map[string]any {
	doc := map[string]any{"version": s.Version}
	if s.Version > 0 {
		doc["updatedAt"], doc["updatedBy"] = s.UpdatedAt.UTC(), s.UpdatedBy
	}
	for _, f := range schema.Fields() {
		switch f.Type {
		case integration.TypeSecret:
			doc[f.Key] = secretOf(s, f.Key)
		case integration.TypeToggle:
			doc[f.Key] = plainOf(s.Settings, f) == "true"
		case integration.TypeChoices:
			doc[f.Key] = append([]string{}, split(plainOf(s.Settings, f))...)
		default:
			doc[f.Key] = plainOf(s.Settings, f)
		}
	}
	return doc
}

// plainOf is the value of a field that is not a secret, or its default. Of a
// choices field an empty value, once stored, is one.
func plainOf(s integration.Settings, f integration.Field) string {
	v, stored := s.Plain()[f.Key]
	if v != "" || stored && f.Type == integration.TypeChoices {
		return v
	}
	return f.Default
}

// statusDoc is a status whose incidents say when they are tried again.
type statusDoc struct {
	integration.Status
	Incidents []incidentDoc `json:"incidents"`
}

type incidentDoc struct {
	integration.Incident
	NextAttempt string `json:"nextAttempt"`
}

func newStatusDoc(s integration.Status) statusDoc {
	doc := statusDoc{Status: s, Incidents: make([]incidentDoc, len(s.Incidents))}
	for i, inc := range s.Incidents {
		doc.Incidents[i] = incidentDoc{inc, nextAttempt(inc.NextAttemptAt)}
	}
	if doc.Errors == nil {
		doc.Errors = []integration.StatusError{}
	}
	return doc
}

// recordDoc is a sync record that, if it failed, says when it is tried again.
type recordDoc struct {
	integration.SyncRecord
	NextAttempt string                    `json:"nextAttempt,omitempty"`
	History     []integration.SyncAttempt `json:"history,omitzero"`
}

func newRecordDoc(r integration.SyncRecord, history []integration.SyncAttempt) recordDoc {
	doc := recordDoc{SyncRecord: r, History: history}
	if r.Status == integration.SyncFailed || r.NextAttemptAt != nil {
		doc.NextAttempt = nextAttempt(r.NextAttemptAt)
	}
	return doc
}

// pageDoc is one page of the sync log.
type pageDoc struct {
	Records      []recordDoc `json:"records"`
	Total        int         `json:"total"`
	Page         int         `json:"page"`
	ItemsPerPage int         `json:"itemsPerPage"`
}

func newPageDoc(p integration.SyncPage) pageDoc {
	doc := pageDoc{Records: make([]recordDoc, len(p.Records)), Total: p.Total, Page: p.Page, ItemsPerPage: p.ItemsPerPage}
	for i, r := range p.Records {
		doc.Records[i] = newRecordDoc(r, nil)
	}
	return doc
}

// runDoc is the newest full sync; found is false if there was none.
type runDoc struct {
	Found bool `json:"found"`
	*integration.Run
}

// nextAttempt says in words when something is tried next.
func nextAttempt(at *time.Time) string {
	if at == nil {
		return "Not tried again by itself."
	}
	return "Tried again by itself at " + at.UTC().Format(time.RFC3339) + "."
}
