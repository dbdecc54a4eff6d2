package pgstore_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/pgstore"
	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
)

func TestAuditRefusesToForget(t *testing.T) {
	t.Parallel()
	db := migrationstest.NewDB(t)
	log := pgstore.NewAudit(db, pgstore.Options{})
	inTx(t, db, func(tx *sql.Tx) error {
		return log.Append(t.Context(), tx, integration.AuditRecord{
			ClientID: tenantA, Integration: hubspot, Action: "connect", ActorID: "user-1"})
	})
	for _, query := range []string{
		"update hubspot_audit set actor_id = 'user-2'",
		"delete from hubspot_audit",
		"truncate hubspot_audit",
		"insert into hubspot_audit select * from hubspot_audit on conflict (id) do update set action = 'other'",
	} {
		_, err := db.ExecContext(t.Context(), query)
		if err == nil {
			t.Errorf("%q was accepted", query)
		} else if !strings.HasPrefix(query, "insert") && !strings.Contains(err.Error(), "hubspot_audit is append-only") {
			t.Errorf("%q: the message does not say why: %v", query, err)
		}
	}
	got, err := log.Newest(t.Context(), tenantA, hubspot, 0)
	if err != nil || len(got) != 1 || got[0].ActorID != "user-1" || got[0].At.IsZero() {
		t.Errorf("after the attempts: %v, %v", got, err)
	}
}

func TestAuditNewest(t *testing.T) {
	t.Parallel()
	db := migrationstest.NewDB(t)
	log := pgstore.NewAudit(db, pgstore.Options{})
	inTx(t, db, func(tx *sql.Tx) error {
		for i := range 5 {
			err := log.Append(t.Context(), tx, integration.AuditRecord{
				ClientID: tenantA, Integration: hubspot, Action: fmt.Sprint("retry-", i), ActorID: "user-1"})
			if err != nil {
				return err
			}
		}
		return nil
	})
	got, err := log.Newest(t.Context(), tenantA, hubspot, 2)
	if err != nil || len(got) != 2 || got[0].Action != "retry-4" || got[1].Action != "retry-3" {
		t.Errorf("newest two: %v, %v", got, err)
	}
	for _, clientID := range []string{tenantB, "no such tenant"} {
		if got, err := log.Newest(t.Context(), clientID, hubspot, 0); err != nil || len(got) != 0 {
			t.Errorf("records of %q: %v, %v", clientID, got, err)
		}
	}
}

func TestAuditMistakes(t *testing.T) {
	t.Parallel()
	db := migrationstest.NewDB(t)
	log := pgstore.NewAudit(db, pgstore.Options{})
	good := integration.AuditRecord{ClientID: tenantA, Integration: hubspot, Action: "test", ActorID: "user-1"}
	for what, spoil := range map[string]func(*integration.AuditRecord){
		"no tenant": func(r *integration.AuditRecord) { r.ClientID = "" },
		"no plugin": func(r *integration.AuditRecord) { r.Integration = "" },
		"no action": func(r *integration.AuditRecord) { r.Action = "" },
		"no actor":  func(r *integration.AuditRecord) { r.ActorID = "" },
	} {
		bad := good
		spoil(&bad)
		tx, err := db.DB.BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := log.Append(t.Context(), tx, bad); err == nil {
			t.Errorf("a record with %s was accepted", what)
		}
		_ = tx.Rollback()
	}
	if err := log.Append(t.Context(), nil, good); err == nil {
		t.Error("a record without a transaction was accepted")
	}
}
