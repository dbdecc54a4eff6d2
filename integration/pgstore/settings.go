package pgstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
)

// Settings is an integration.SettingsStore. It is safe for concurrent use by
// any number of processes.
type Settings struct {
	db     *bun.DB
	sealer integration.Sealer
	opts   Options
}

// NewSettings returns a store over db. Writes happen in the transactions that
// callers pass, which must be transactions of the same database.
func NewSettings(db *bun.DB, sealer integration.Sealer, opts Options) *Settings {
	return &Settings{db: db, sealer: sealer, opts: opts.withDefaults()}
}

type settingsRow struct {
	bun.BaseModel `bun:"table:hubspot_settings,alias:s"`

	ClientID    string          `bun:"client_id,pk,type:uuid"`
	Integration string          `bun:"integration,pk"`
	Plain       json.RawMessage `bun:"plain,type:jsonb"`
	Version     int64           `bun:"version"`
	UpdatedAt   time.Time       `bun:"updated_at"`
	UpdatedBy   string          `bun:"updated_by"`
}

func (s *Settings) table() bun.Ident { return bun.Ident(s.opts.Schema + ".hubspot_settings") }

// loadedRow is one secret, or none, beside its settings.
type loadedRow struct {
	Plain     json.RawMessage `bun:"plain,type:jsonb"`
	Version   int64           `bun:"version"`
	UpdatedAt time.Time       `bun:"updated_at"`
	UpdatedBy string          `bun:"updated_by"`
	Field     *string         `bun:"field"`
	Sealed    []byte          `bun:"sealed,type:bytea"`
	SetAt     time.Time       `bun:"set_at,nullzero"`
	SetBy     string          `bun:"set_by,nullzero"`
}

// Load returns the settings of one tenant for one integration, or
// integration.ErrNotFound, also for a clientID that cannot exist.
//
// If a secret cannot be opened, because the key has been lost or the row was
// altered, Load returns everything else together with an error that wraps
// integration.ErrSealed and the Sealer's own. The tenant's admin can then enter
// the secret again: Save replaces what it cannot open.
func (s *Settings) Load(ctx context.Context, clientID string, id integration.ID) (integration.StoredSettings, error) {
	var none integration.StoredSettings
	at, err := placeOf(clientID, id)
	if err != nil {
		return none, fmt.Errorf("%w: %w", integration.ErrNotFound, err)
	}
	// One statement, hence one snapshot: values and secrets of one version.
	var rows []loadedRow
	err = s.db.NewRaw(`select s.plain, s.version, s.updated_at, s.updated_by,
			x.field, x.sealed, x.set_at, x.set_by
		from ? s left join ? x using (client_id, integration)
		where s.client_id = ? and s.integration = ? order by x.field`,
		s.table(), s.secretTable(), at.clientID, string(at.id)).Scan(ctx, &rows)
	if err != nil {
		return none, fmt.Errorf("pgstore: load settings: %w", err)
	}
	if len(rows) == 0 {
		return none, integration.ErrNotFound
	}
	return s.assemble(at, rows)
}

// assemble makes the public form of the rows of one place.
func (s *Settings) assemble(at place, rows []loadedRow) (integration.StoredSettings, error) {
	first := rows[0]
	var plain map[string]string
	if err := json.Unmarshal(first.Plain, &plain); err != nil {
		return integration.StoredSettings{}, fmt.Errorf("pgstore: settings of %s are not text values", at.id)
	}
	out := integration.StoredSettings{
		ClientID: at.clientID, Integration: at.id,
		Version: first.Version, UpdatedAt: first.UpdatedAt.UTC(), UpdatedBy: first.UpdatedBy,
		SecretsSetAt: map[string]time.Time{}, SecretsSetBy: map[string]string{},
	}
	values := map[string]integration.Secret{}
	var errs []error
	for _, row := range rows {
		if row.Field == nil {
			continue
		}
		value, err := s.sealer.Open(row.Sealed, at.binding(*row.Field))
		if err != nil {
			errs = append(errs, fmt.Errorf("pgstore: secret %q of %s: %w: %w", *row.Field, at.id, integration.ErrSealed, err))
			continue
		}
		values[*row.Field] = integration.NewSecret(string(value))
		out.SecretsSetAt[*row.Field] = row.SetAt.UTC()
		out.SecretsSetBy[*row.Field] = row.SetBy
	}
	out.Settings = integration.NewSettings(plain, values)
	return out, errors.Join(errs...)
}

// Save stores v if the stored version is still v.Version, else it returns
// integration.ErrStale and has written nothing. A secret that has not changed
// keeps its time and its author; one that v lacks is deleted.
//
// A transaction of isolation level REPEATABLE READ or higher may be failed by
// the database where READ COMMITTED waits; that too is integration.ErrStale.
func (s *Settings) Save(ctx context.Context, tx *sql.Tx, v integration.StoredSettings) (integration.StoredSettings, error) {
	var none integration.StoredSettings
	at, err := placeOf(v.ClientID, v.Integration)
	if err != nil {
		return none, err
	}
	if tx == nil {
		return none, errors.New("pgstore: save settings: no transaction")
	}
	now := s.opts.now()
	if err := s.bump(ctx, tx, at, v, now); err != nil {
		return none, err
	}
	secrets, err := s.saveSecrets(ctx, tx, at, v, now)
	if err != nil {
		return none, err
	}
	saved := v
	saved.ClientID, saved.Version = at.clientID, v.Version+1
	saved.UpdatedAt, saved.UpdatedBy = now, storable(v.UpdatedBy, maxShort)
	saved.Settings = integration.NewSettings(v.Settings.Plain(), v.Settings.Secrets())
	saved.SecretsSetAt, saved.SecretsSetBy = map[string]time.Time{}, map[string]string{}
	for _, sec := range secrets {
		saved.SecretsSetAt[sec.Field] = sec.SetAt.UTC()
		saved.SecretsSetBy[sec.Field] = sec.SetBy
	}
	return saved, nil
}

// bump writes the settings row under its version check. The row lock that it
// leaves orders everything else of this Save after a competing one.
func (s *Settings) bump(ctx context.Context, tx *sql.Tx, at place, v integration.StoredSettings, now time.Time) error {
	values := v.Settings.Plain()
	if values == nil {
		values = map[string]string{}
	}
	plain, err := json.Marshal(values)
	if err != nil {
		return fmt.Errorf("pgstore: save settings: %w", err)
	}
	row := &settingsRow{
		ClientID: at.clientID, Integration: string(at.id), Plain: plain,
		Version: v.Version + 1, UpdatedAt: now, UpdatedBy: storable(v.UpdatedBy, maxShort),
	}
	var res sql.Result
	if v.Version == 0 {
		res, err = s.db.NewInsert().Conn(tx).Model(row).ModelTableExpr("?", s.table()).
			On("conflict (client_id, integration) do nothing").Exec(ctx)
	} else {
		res, err = s.db.NewUpdate().Conn(tx).Model(row).ModelTableExpr("? as s", s.table()).
			Column("plain", "version", "updated_at", "updated_by").
			WherePK().Where("s.version = ?", v.Version).Exec(ctx)
	}
	if serializationFailure(err) {
		return fmt.Errorf("pgstore: save settings: %w", integration.ErrStale)
	}
	if err != nil {
		return fmt.Errorf("pgstore: save settings: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil {
		return fmt.Errorf("pgstore: save settings: %w", err)
	} else if n == 0 {
		return fmt.Errorf("pgstore: save settings: %w", integration.ErrStale)
	}
	return nil
}

// Forget destroys the secrets of one tenant for one integration, raises the
// version, and keeps the plain values. Without settings it does nothing.
//
// The rows are deleted, not overwritten: the ciphertext may stay in dead pages
// until vacuum, in the write-ahead log and in backups, where it is worth nothing
// without the sealing key.
func (s *Settings) Forget(ctx context.Context, tx *sql.Tx, clientID string, id integration.ID) error {
	at, err := placeOf(clientID, id)
	if err != nil {
		return err
	}
	if tx == nil {
		return errors.New("pgstore: forget: no transaction")
	}
	_, err = s.db.NewRaw("update ? set version = version + 1, updated_at = ? where client_id = ? and integration = ?",
		s.table(), s.opts.now(), at.clientID, string(at.id)).Conn(tx).Exec(ctx)
	if err != nil {
		return fmt.Errorf("pgstore: forget: %w", err)
	}
	_, err = s.db.NewRaw("delete from ? where client_id = ? and integration = ?",
		s.secretTable(), at.clientID, string(at.id)).Conn(tx).Exec(ctx)
	if err != nil {
		return fmt.Errorf("pgstore: forget: %w", err)
	}
	return nil
}

// serializationFailure recognises SQLSTATE 40001 from pgdriver, pgx and lib/pq.
func serializationFailure(err error) bool {
	var pgdriver interface{ Field(byte) string }
	if errors.As(err, &pgdriver) {
		return pgdriver.Field('C') == "40001"
	}
	var other interface{ SQLState() string }
	return errors.As(err, &other) && other.SQLState() == "40001"
}
