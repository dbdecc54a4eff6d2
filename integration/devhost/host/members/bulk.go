package members

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
)

// Bulk is a change of many members, for load.
type Bulk struct {
	Members        int    // how many to change, those longest unchanged first
	Field          string // a text field of [Fields] other than the email; "" = "position"
	Value          string // "" = a value that differs at every call
	PerTransaction int    // members in one transaction, 1 to 1000; 0 = 100
}

// Bulked is what a [Bulk] did.
type Bulked struct {
	Changed      int
	Transactions int
	Took         time.Duration
}

// maxBulk keeps a slip of the finger from becoming an hour of work.
const maxBulk = 100_000

// ChangeMany runs b, one transaction after the other. Each is complete in
// itself; if one fails, those before it stay, and the error comes with what was
// done until then. Fewer members than asked for is not an error.
func (m *Module) ChangeMany(ctx context.Context, clientID string, b Bulk) (Bulked, error) {
	column, err := b.check()
	if err != nil {
		return Bulked{}, err
	}
	start := m.now()
	if b.Value == "" {
		b.Value = "Changed " + start.UTC().Format("2006-01-02 15:04:05.000000")
	}
	var done Bulked
	for done.Changed < b.Members {
		n, err := m.changeSome(ctx, clientID, column, b.Value, start, min(b.PerTransaction, b.Members-done.Changed))
		done.Took = m.now().Sub(start)
		if err != nil || n == 0 {
			return done, err
		}
		done.Changed += n
		done.Transactions++
	}
	return done, nil
}

func (b *Bulk) check() (column string, err error) {
	errs := map[string][]string{}
	if b.Members < 1 || b.Members > maxBulk {
		errs["members"] = []string{fmt.Sprintf("Say how many members to change, 1 to %d.", maxBulk)}
	}
	if b.PerTransaction == 0 {
		b.PerTransaction = 100
	}
	if b.PerTransaction < 1 || b.PerTransaction > 1000 {
		errs["perTransaction"] = []string{"Say how many members one transaction changes, 1 to 1000."}
	}
	if b.Field == "" {
		b.Field = "position"
	}
	columns := map[string]string{ // the fields whose values may repeat and mean nothing
		"contactNumber": "contact_number", "mobile": "mobile", "company": "company", "position": "position",
		"address": "address", "city": "city", "postcode": "postcode", "state": "state", "country": "country",
	}
	if column = columns[b.Field]; column == "" {
		errs["field"] = []string{"This field cannot be changed in bulk. Use for example position, company or city."}
	}
	for _, f := range Fields() {
		if f.Name == b.Field {
			if msg := f.refuse(b.Value); msg != "" {
				errs["value"] = []string{msg}
			}
		}
	}
	if len(errs) > 0 {
		return "", problem.Invalid(errs)
	}
	return column, nil
}

// changeSome changes members that this run has not touched yet: a touched one
// has an updated_at of the run or later.
func (m *Module) changeSome(ctx context.Context, clientID, column, value string, start time.Time, n int) (int, error) {
	var ids []string
	err := m.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		err := tx.NewRaw(`
			with picked as (
				select id from mp_members
				where client_id = ? and deleted_at is null and updated_at < ?
				order by updated_at, id limit ? for update skip locked)
			update mp_members as m set ? = ?, updated_at = ?
			from picked where m.id = picked.id
			returning m.id`,
			clientID, start, n, bun.Ident(column), value, start).Scan(ctx, &ids)
		if err != nil {
			return fmt.Errorf("members: bulk: %w", err)
		}
		if len(ids) == 0 {
			return nil
		}
		return m.record(ctx, tx, clientID, ids...)
	})
	return len(ids), err
}
