package pgstore_test

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/pgstore"
	"github.com/memberpulse/hubspotplugin/migrations"
	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
)

const token = "pat-eu1-5f0e1d2c-3b4a-TOKEN-abcdefghij"

func sample(clientID string) integration.StoredSettings {
	return integration.StoredSettings{
		ClientID: clientID, Integration: hubspot, UpdatedBy: "user-1",
		Settings: integration.NewSettings(map[string]string{"portalId": "12345678"},
			map[string]integration.Secret{"accessToken": integration.NewSecret(token)}),
	}
}

func save(t *testing.T, db *bun.DB, s *pgstore.Settings, v integration.StoredSettings) integration.StoredSettings {
	t.Helper()
	var saved integration.StoredSettings
	inTx(t, db, func(tx *sql.Tx) (err error) {
		saved, err = s.Save(t.Context(), tx, v)
		return err
	})
	return saved
}

func inTx(t *testing.T, db *bun.DB, fn func(tx *sql.Tx) error) {
	t.Helper()
	tx, err := db.DB.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := fn(tx); err != nil {
		_ = tx.Rollback()
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

// dump returns every row of every table as text.
func dump(t *testing.T, db *bun.DB, schema string) string {
	t.Helper()
	var tables []string
	err := db.NewRaw("select table_name from information_schema.tables where table_schema = ?", schema).Scan(t.Context(), &tables)
	if err != nil || len(tables) < 3 {
		t.Fatalf("tables of %s: %v, %v", schema, tables, err)
	}
	var out strings.Builder
	for _, table := range tables {
		var rows []string
		// bytea as PostgreSQL's "escape" shows ASCII as ASCII
		err := db.NewRaw("select r::text from (select * from ?) r", bun.Ident(schema+"."+table)).Scan(t.Context(), &rows)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "%s\n%s\n", table, strings.Join(rows, "\n"))
	}
	return out.String()
}

func TestSecretsAreCiphertextEverywhere(t *testing.T) {
	t.Parallel()
	db := migrationstest.NewDB(t)
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(t.Context(), "set bytea_output = 'escape'"); err != nil {
		t.Fatal(err)
	}
	s := pgstore.NewSettings(db, newSealer(t), pgstore.Options{})
	audit := pgstore.NewAudit(db, pgstore.Options{})
	v := sample(tenantA)
	saved := save(t, db, s, v)
	secret := v.Settings.Secret("accessToken")
	inTx(t, db, func(tx *sql.Tx) error {
		return audit.Append(t.Context(), tx, integration.AuditRecord{
			ClientID: tenantA, Integration: hubspot, Action: "connect", ActorID: "user-1",
			Changes: map[string]integration.AuditChange{"accessToken": {New: secret.Fingerprint()}},
		})
	})
	text := dump(t, db, "public")
	for _, want := range []string{"12345678", "accessToken", secret.Fingerprint(), tenantA} {
		if !strings.Contains(text, want) {
			t.Fatalf("the dump lacks %q: it proves nothing", want)
		}
	}
	for i := 0; i+8 <= len(token); i++ {
		piece := token[i : i+8]
		if strings.Contains(text, piece) || strings.Contains(text, fmt.Sprintf("%x", piece)) {
			t.Fatalf("the database holds a piece of the secret")
		}
	}
	if formatted := fmt.Sprintf("%v %+v %#v", saved, saved, saved.Settings); strings.Contains(formatted, token) {
		t.Error("formatted settings hold the secret")
	}
}

// A row that is copied to another tenant, integration or field is worthless.
func TestSecretsDoNotMove(t *testing.T) {
	t.Parallel()
	const copyRow = "insert into hubspot_secret select ?::uuid, ?, ?, sealed, set_at, set_by from hubspot_secret"
	for name, to := range map[string]struct {
		clientID string
		id       integration.ID
		field    string
	}{
		"another tenant":      {tenantB, hubspot, "accessToken"},
		"another integration": {tenantA, "other", "accessToken"},
		"another field":       {tenantA, hubspot, "clientSecret"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := migrationstest.NewDB(t)
			s := pgstore.NewSettings(db, newSealer(t), pgstore.Options{})
			save(t, db, s, sample(tenantA))
			if to.clientID != tenantA || to.id != hubspot {
				v := sample(to.clientID)
				v.Integration, v.Settings = to.id, integration.NewSettings(map[string]string{"portalId": "1"}, nil)
				save(t, db, s, v)
			}
			if _, err := db.NewRaw(copyRow, to.clientID, string(to.id), to.field).Exec(t.Context()); err != nil {
				t.Fatal(err)
			}
			got, err := s.Load(t.Context(), to.clientID, to.id)
			if !errors.Is(err, pgstore.ErrTampered) || strings.Contains(err.Error(), token) {
				t.Errorf("load: %v, want ErrTampered", err)
			}
			if !got.Settings.Secret(to.field).IsZero() {
				t.Error("a secret of another place came back")
			}
		})
	}
}

func TestLostKey(t *testing.T) {
	t.Parallel()
	db := migrationstest.NewDB(t)
	save(t, db, pgstore.NewSettings(db, newSealer(t), pgstore.Options{}), sample(tenantA))

	s := pgstore.NewSettings(db, newSealer(t), pgstore.Options{}) // another key
	got, err := s.Load(t.Context(), tenantA, hubspot)
	if !errors.Is(err, integration.ErrSealed) || !errors.Is(err, pgstore.ErrUnknownKey) || !strings.Contains(err.Error(), "accessToken") {
		t.Fatalf("load without the key: %v; want ErrUnknownKey with the name of the field", err)
	}
	if got.Version != 1 || got.Settings.Text("portalId") != "12345678" || !got.Settings.Secret("accessToken").IsZero() {
		t.Fatalf("load without the key: version %d; want everything but the secret", got.Version)
	}
	// The admin enters the token again.
	again := sample(tenantA)
	again.Version, again.UpdatedBy = got.Version, "user-2"
	if saved := save(t, db, s, again); saved.SecretsSetBy["accessToken"] != "user-2" {
		t.Errorf("the replaced secret was set by %q", saved.SecretsSetBy["accessToken"])
	}
	if got, err = s.Load(t.Context(), tenantA, hubspot); err != nil || got.Settings.Secret("accessToken").Reveal() != token {
		t.Errorf("after the repair: %v", err)
	}
}

func TestSaveSealsAnewAfterRotation(t *testing.T) {
	t.Parallel()
	db := migrationstest.NewDB(t)
	oldKey, current := newKey(t), newKey(t)
	first := save(t, db, pgstore.NewSettings(db, newSealer(t, oldKey), pgstore.Options{}), sample(tenantA))

	during := pgstore.NewSettings(db, newSealer(t, current, oldKey), pgstore.Options{})
	v, err := during.Load(t.Context(), tenantA, hubspot)
	if err != nil {
		t.Fatal(err)
	}
	v.UpdatedBy = "user-2"
	second := save(t, db, during, v)
	if second.SecretsSetBy["accessToken"] != "user-1" || !second.SecretsSetAt["accessToken"].Equal(first.SecretsSetAt["accessToken"]) {
		t.Errorf("sealing anew is not setting: set at %v by %q", second.SecretsSetAt["accessToken"], second.SecretsSetBy["accessToken"])
	}
	after := pgstore.NewSettings(db, newSealer(t, current), pgstore.Options{})
	if got, err := after.Load(t.Context(), tenantA, hubspot); err != nil || got.Settings.Secret("accessToken").Reveal() != token {
		t.Errorf("without the old key: %v", err)
	}
}

func TestUnchangedSecretIsNotWritten(t *testing.T) {
	t.Parallel()
	db := migrationstest.NewDB(t)
	s := pgstore.NewSettings(db, newSealer(t), pgstore.Options{})
	sealed := func() (text string) {
		if err := db.NewRaw("select sealed::text || ctid::text from hubspot_secret").Scan(t.Context(), &text); err != nil {
			t.Fatal(err)
		}
		return text
	}
	saved := save(t, db, s, sample(tenantA))
	before := sealed()
	save(t, db, s, saved)
	if sealed() != before {
		t.Error("an unchanged secret was written again")
	}
}

func TestForgetDeletesTheRows(t *testing.T) {
	t.Parallel()
	db := migrationstest.NewDB(t)
	s := pgstore.NewSettings(db, newSealer(t), pgstore.Options{})
	save(t, db, s, sample(tenantA))
	save(t, db, s, sample(tenantB))
	inTx(t, db, func(tx *sql.Tx) error { return s.Forget(t.Context(), tx, tenantA, hubspot) })
	var left []string
	if err := db.NewRaw("select client_id::text from hubspot_secret").Scan(t.Context(), &left); err != nil || len(left) != 1 || left[0] != tenantB {
		t.Errorf("secrets of %v are left, %v; want those of the other tenant", left, err)
	}
}

func TestOtherSchemaAndClock(t *testing.T) {
	t.Parallel()
	db := migrationstest.NewEmptyDB(t)
	if err := migrations.Migrate(t.Context(), db, migrations.Options{Schema: "Crm"}); err != nil {
		t.Fatal(err)
	}
	clock := time.Date(2026, 3, 29, 2, 30, 0, 123456789, time.FixedZone("CEST", 7200))
	opts := pgstore.Options{Schema: "Crm", Now: func() time.Time { return clock }}
	s := pgstore.NewSettings(db, newSealer(t), opts)
	saved := save(t, db, s, sample(tenantA))
	if want := time.Date(2026, 3, 29, 0, 30, 0, 123456000, time.UTC); saved.UpdatedAt != want {
		t.Errorf("updated at %v, want %v", saved.UpdatedAt, want)
	}
	got, err := s.Load(t.Context(), strings.ToUpper(tenantA), hubspot)
	if err != nil || got.Version != 1 || got.SecretsSetAt["accessToken"] != saved.UpdatedAt {
		t.Errorf("load by the same id in capitals: %v, %v", got.SecretsSetAt, err)
	}
	inTx(t, db, func(tx *sql.Tx) error { return s.Forget(t.Context(), tx, tenantA, hubspot) })
	inTx(t, db, func(tx *sql.Tx) error {
		return pgstore.NewAudit(db, opts).Append(t.Context(), tx,
			integration.AuditRecord{ClientID: tenantA, Integration: hubspot, Action: "test", ActorID: "user-1"})
	})
}

func TestCallersMistakes(t *testing.T) {
	t.Parallel()
	db := migrationstest.NewDB(t)
	s := pgstore.NewSettings(db, newSealer(t), pgstore.Options{})
	if _, err := s.Load(t.Context(), "42' or true --", hubspot); !errors.Is(err, integration.ErrNotFound) {
		t.Errorf("an id that cannot exist: %v, want ErrNotFound", err)
	}
	if _, err := s.Save(t.Context(), nil, sample(tenantA)); err == nil {
		t.Error("a save without a transaction succeeded")
	}
	if err := s.Forget(t.Context(), nil, tenantA, hubspot); err == nil {
		t.Error("a Forget without a transaction succeeded")
	}
	if _, err := s.Save(t.Context(), nil, sample("42")); err == nil || errors.Is(err, integration.ErrNotFound) {
		t.Errorf("a save for an id that is no UUID: %v", err)
	}
}
