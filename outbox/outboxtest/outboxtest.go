// Package outboxtest lets a host's tests see what their transaction recorded.
package outboxtest

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/outbox"
)

// Entries returns what waits in a tenant's outbox, in the order of recording,
// as db sees it: given the transaction that recorded, also before its commit. An
// empty schema means "public". Nothing that a running drain took away meanwhile
// is in it. It fails the test if the table cannot be read.
func Entries(t testing.TB, db bun.IDB, schema, tenant string) []outbox.Entry {
	t.Helper()
	if schema == "" {
		schema = "public"
	}
	var rows []struct {
		Lane               int16
		Kind, Key, Subject string
		Payload            []byte
	}
	err := db.NewRaw("select lane, kind, key, subject, payload from ?.hubspot_outbox where tenant = ? order by id",
		bun.Ident(schema), tenant).Scan(context.Background(), &rows)
	if err != nil {
		t.Fatalf("outboxtest: %v", err)
	}
	out := make([]outbox.Entry, len(rows))
	for i, r := range rows {
		out[i] = outbox.Entry{Tenant: tenant, Lane: outbox.Lane(r.Lane), Kind: r.Kind, Key: r.Key, Subject: r.Subject,
			Payload: json.RawMessage(r.Payload)}
		if len(r.Payload) == 0 {
			out[i].Payload = nil
		}
	}
	return out
}

// RequireRecorded returns the one waiting entry of a kind and key, and fails the
// test unless there is exactly one.
func RequireRecorded(t testing.TB, db bun.IDB, schema, tenant, kind, key string) outbox.Entry {
	t.Helper()
	var found []outbox.Entry
	for _, e := range Entries(t, db, schema, tenant) {
		if e.Kind == kind && e.Key == key {
			found = append(found, e)
		}
	}
	if len(found) != 1 {
		t.Fatalf("outboxtest: %d entries of kind %s with the key, want 1", len(found), kind)
	}
	return found[0]
}
