package tagging

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
)

// MaxCause is how many characters the cause of a hand may have, and the id of
// its author.
const MaxCause = 200

// ByHand is the store of what people decided about tags: the newest word on each
// tag of each member. It is safe for concurrent use by any number of processes.
type ByHand struct {
	db     *bun.DB
	schema string
}

// NewByHand returns the store over the table in schema.
func NewByHand(db *bun.DB, schema string) *ByHand { return &ByHand{db: db, schema: schema} }

func (b *ByHand) table() bun.Ident { return bun.Ident(b.schema + ".hubspot_tag_hand") }

// Set stores h within tx, unless a newer word on that tag of that member is
// there already: then it changes nothing, so words may come late and twice. Of
// two words of one moment (they are kept to the microsecond) the removal stays.
//
// What a person can mend comes back as an *integration.Error of kind Invalid,
// with messages for "tag", "cause" and "by": a slug outside of the catalog,
// control characters, too many characters. Whether the member exists, and
// whether the time lies in the future, where no later change would reach it,
// are the caller's questions.
func (b *ByHand) Set(ctx context.Context, tx *sql.Tx, clientID, memberID string, h Hand) error {
	switch {
	case tx == nil:
		return errors.New("tagging: set by hand: without a transaction")
	case !integration.ValidUUID(clientID) || !integration.ValidUUID(memberID):
		return errors.New("tagging: set by hand: client and member ids are UUIDs")
	case h.OccurredAt.IsZero():
		return errors.New("tagging: set by hand: without a time")
	}
	if err := h.validate(); err != nil {
		return err
	}
	_, err := b.db.NewRaw(`insert into ? as h (client_id, member_id, tag, applied, cause, by_user, occurred_at) values (?, ?, ?, ?, ?, ?, ?)
		on conflict (client_id, member_id, tag) do update
			set applied = excluded.applied, cause = excluded.cause, by_user = excluded.by_user, occurred_at = excluded.occurred_at
			where excluded.occurred_at > h.occurred_at
				or excluded.occurred_at = h.occurred_at and h.applied and not excluded.applied`,
		b.table(), clientID, memberID, h.Tag, h.Applied, h.Cause, h.By, h.OccurredAt.UTC()).Conn(tx).Exec(ctx)
	if err != nil {
		return fmt.Errorf("tagging: set by hand: %w", err)
	}
	return nil
}

func (h Hand) validate() error {
	fields := integration.FieldErrors{}
	if _, ok := Find(h.Tag); !ok {
		fields.Add("tag", "There is no such tag. Choose one of the catalog.")
	}
	for key, text := range map[string]string{"cause": h.Cause, "by": h.By} {
		if utf8.RuneCountInString(text) > MaxCause {
			fields.Add(key, "At most "+strconv.Itoa(MaxCause)+" characters.")
		}
		if !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
			fields.Add(key, "One line of text, without control characters.")
		}
	}
	if len(fields) == 0 {
		return nil
	}
	return &integration.Error{Kind: integration.Invalid, Title: "The tag was not set.", Detail: "Nothing was changed.", Fields: fields}
}

// Load returns the newest words of people on the tags of members, by member id;
// members without any are left out. It reads through db, which may be a
// transaction; nil means the store's own database. Tags that the catalog lacks,
// of a later release perhaps, are left out too.
func (b *ByHand) Load(ctx context.Context, db bun.IConn, clientID string, memberIDs []string) (map[string][]Hand, error) {
	out := map[string][]Hand{}
	if len(memberIDs) == 0 {
		return out, nil
	}
	var rows []struct {
		MemberID   string    `bun:"member_id"`
		Tag        string    `bun:"tag"`
		Applied    bool      `bun:"applied"`
		Cause      string    `bun:"cause"`
		By         string    `bun:"by_user"`
		OccurredAt time.Time `bun:"occurred_at"`
	}
	query := b.db.NewRaw(`select member_id::text, tag, applied, cause, by_user, occurred_at from ?
		where client_id = ? and member_id in (?) order by member_id, tag`, b.table(), clientID, bun.List(memberIDs))
	if db != nil {
		query = query.Conn(db)
	}
	if err := query.Scan(ctx, &rows); err != nil {
		return nil, fmt.Errorf("tagging: load by hand: %w", err)
	}
	for _, r := range rows {
		if _, ok := Find(r.Tag); ok {
			out[r.MemberID] = append(out[r.MemberID], Hand{r.Tag, r.Applied, r.Cause, r.By, r.OccurredAt.UTC()})
		}
	}
	return out, nil
}

// Forget deletes all words on the tags of members within tx, for their erasure.
func (b *ByHand) Forget(ctx context.Context, tx *sql.Tx, clientID string, memberIDs []string) error {
	if tx == nil {
		return errors.New("tagging: forget by hand: without a transaction")
	}
	if len(memberIDs) == 0 {
		return nil
	}
	_, err := b.db.NewRaw(`delete from ? where client_id = ? and member_id in (?)`, b.table(), clientID, bun.List(memberIDs)).Conn(tx).Exec(ctx)
	if err != nil {
		return fmt.Errorf("tagging: forget by hand: %w", err)
	}
	return nil
}
