package pgstore

import (
	"context"
	"crypto/subtle"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
)

// place is where settings belong.
type place struct {
	clientID string
	id       integration.ID
}

func placeOf(clientID string, id integration.ID) (place, error) {
	canon, err := canonical(clientID)
	if err != nil {
		return place{}, err
	}
	if err := id.Validate(); err != nil {
		return place{}, fmt.Errorf("pgstore: %w", err)
	}
	return place{clientID: canon, id: id}, nil
}

// binding is the additional data of a secret: it opens for this tenant, this
// integration and this field, and nowhere else. The first two cannot hold a NUL.
func (p place) binding(field string) []byte {
	return []byte("secret\x00" + p.clientID + "\x00" + string(p.id) + "\x00" + field)
}

type secretRow struct {
	bun.BaseModel `bun:"table:hubspot_secret,alias:x"`

	ClientID    string    `bun:"client_id,pk,type:uuid"`
	Integration string    `bun:"integration,pk"`
	Field       string    `bun:"field,pk"`
	Sealed      []byte    `bun:"sealed,type:bytea"`
	SetAt       time.Time `bun:"set_at"`
	SetBy       string    `bun:"set_by"`
}

func (s *Settings) secretTable() bun.Ident { return bun.Ident(s.opts.Schema + ".hubspot_secret") }

// saveSecrets makes the rows of one place equal to the secrets of v and returns
// them. It runs under the lock of the settings row.
func (s *Settings) saveSecrets(ctx context.Context, tx *sql.Tx, at place, v integration.StoredSettings, now time.Time) ([]secretRow, error) {
	var stored []secretRow
	err := s.db.NewSelect().Conn(tx).Model(&stored).ModelTableExpr("? as x", s.secretTable()).
		Where("x.client_id = ? and x.integration = ?", at.clientID, string(at.id)).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("pgstore: read secrets: %w", err)
	}
	have := map[string]secretRow{}
	for _, row := range stored {
		have[row.Field] = row
	}
	want := v.Settings.Secrets()
	var keep, write []secretRow
	for _, field := range slices.Sorted(maps.Keys(want)) {
		if want[field].IsZero() {
			continue
		}
		row, changed, err := s.plan(at, field, want[field], have, v.UpdatedBy, now)
		if err != nil {
			return nil, err
		}
		keep = append(keep, row)
		if changed {
			write = append(write, row)
		}
	}
	if err := s.dropSecrets(ctx, tx, at, keep, len(stored)); err != nil {
		return nil, err
	}
	if len(write) == 0 {
		return keep, nil
	}
	_, err = s.db.NewInsert().Conn(tx).Model(&write).ModelTableExpr("?", s.secretTable()).
		On("conflict (client_id, integration, field) do update").
		Set("sealed = excluded.sealed").Set("set_at = excluded.set_at").Set("set_by = excluded.set_by").Exec(ctx)
	if err != nil {
		return nil, fmt.Errorf("pgstore: write secrets: %w", err)
	}
	return keep, nil
}

// plan decides about one secret. Same value, same key: nothing to write. Same
// value, older key: sealed anew, but it is still the secret of then. Anything
// else, also a stored value that does not open, is a new secret.
func (s *Settings) plan(at place, field string, value integration.Secret, have map[string]secretRow, by string, now time.Time) (row secretRow, changed bool, err error) {
	plaintext := []byte(value.Reveal())
	row = secretRow{ClientID: at.clientID, Integration: string(at.id), Field: field, SetAt: now, SetBy: storable(by, maxShort)}
	if old, ok := have[field]; ok {
		before, err := s.sealer.Open(old.Sealed, at.binding(field))
		if err == nil && subtle.ConstantTimeCompare(before, plaintext) == 1 {
			rotating, ok := s.sealer.(interface{ Outdated(sealed []byte) bool })
			if !ok || !rotating.Outdated(old.Sealed) {
				return old, false, nil
			}
			row.SetAt, row.SetBy = old.SetAt, old.SetBy
		}
	}
	if row.Sealed, err = s.sealer.Seal(plaintext, at.binding(field)); err != nil {
		return secretRow{}, false, fmt.Errorf("pgstore: secret %q of %s: %w", field, at.id, err)
	}
	return row, true, nil
}

// dropSecrets deletes what is stored and not kept.
func (s *Settings) dropSecrets(ctx context.Context, tx *sql.Tx, at place, keep []secretRow, stored int) error {
	if stored == 0 {
		return nil
	}
	fields := []string{""} // no field has an empty name, and "in ()" is not SQL
	for _, row := range keep {
		fields = append(fields, row.Field)
	}
	_, err := s.db.NewRaw("delete from ? where client_id = ? and integration = ? and field not in (?)",
		s.secretTable(), at.clientID, string(at.id), bun.List(fields)).Conn(tx).Exec(ctx)
	if err != nil {
		return fmt.Errorf("pgstore: delete secrets: %w", err)
	}
	return nil
}
