package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/integration"
)

// Connections is the store of which tenant is connected to which portal.
type Connections struct {
	DB *bun.DB
	Tables
}

// NewConnections returns the store over the tables in schema.
func NewConnections(db *bun.DB, schema string) *Connections {
	return &Connections{DB: db, Tables: Tables{schema}}
}

// Connection is a tenant's row.
type Connection struct {
	PortalID          int64     `bun:"portal_id"`
	Connected         bool      `bun:"connected"`
	ConnectedAt       time.Time `bun:"connected_at"`
	UIDomain          string    `bun:"ui_domain"`
	Epoch             int64     `bun:"epoch"`
	GoneAcceptedUntil time.Time `bun:"gone_accepted_until"`
	NoteKey           string    `bun:"note_key"` // "" = not known yet
	Matching          bool      `bun:"matching"`

	// What stopped the tenant last, for the words on the page.
	TroubleCode        string     `bun:"trouble_code"`
	TroubleNames       []string   `bun:"trouble_names,array"`
	TroubleCorrelation string     `bun:"trouble_correlation"`
	TroubleAt          *time.Time `bun:"trouble_at"`
}

// Get returns the tenant's connection; the zero connection if it never had one.
func (c *Connections) Get(ctx context.Context, db bun.IConn, clientID string) (Connection, error) {
	var row Connection
	err := c.DB.NewRaw(`select portal_id, connected, connected_at, ui_domain, epoch, note_key, matching,
			trouble_code, trouble_names, trouble_correlation, trouble_at,
			case when gone_accepted_until = '-infinity' then '0001-01-01 00:00:00+00'::timestamptz else gone_accepted_until end as gone_accepted_until
		from ? where client_id = ?`, c.Connection(), clientID).Conn(db).Scan(ctx, &row)
	if errors.Is(err, sql.ErrNoRows) {
		return Connection{}, nil
	}
	if err != nil {
		return Connection{}, fmt.Errorf("crmsync: load connection: %w", err)
	}
	return row, nil
}

// TakenByOther reports whether another tenant is connected to the portal.
func (c *Connections) TakenByOther(ctx context.Context, clientID string, portalID int64) (bool, error) {
	var n int
	err := c.DB.NewRaw(`select count(*) from ? where portal_id = ? and connected and client_id <> ?`,
		c.Connection(), portalID, clientID).Scan(ctx, &n)
	if err != nil {
		return false, fmt.Errorf("crmsync: look for the portal: %w", err)
	}
	return n > 0, nil
}

// Open connects the tenant to the portal and raises the epoch, so that links
// of an earlier connection are compared in full. If another tenant holds the
// portal the answer is a Conflict, and tx can only be rolled back.
func (c *Connections) Open(ctx context.Context, tx *sql.Tx, clientID string, portalID int64, now time.Time) error {
	_, err := c.DB.NewRaw(`insert into ? as c (client_id, portal_id, connected, connected_at) values (?, ?, true, ?)
		on conflict (client_id) do update set portal_id = excluded.portal_id, connected = true, connected_at = excluded.connected_at,
			disconnected_at = null, epoch = c.epoch + 1, note_key = ''`,
		c.Connection(), clientID, portalID, now).Conn(tx).Exec(ctx)
	if isUniqueViolation(err) {
		return PortalTaken()
	}
	if err != nil {
		return fmt.Errorf("crmsync: connect: %w", err)
	}
	return nil
}

// Close disconnects the tenant within tx.
func (c *Connections) Close(ctx context.Context, tx *sql.Tx, clientID string, now time.Time) error {
	_, err := c.DB.NewRaw(`update ? set connected = false, disconnected_at = ? where client_id = ? and connected`,
		c.Connection(), now, clientID).Conn(tx).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: disconnect: %w", err)
	}
	return nil
}

// RaiseEpoch makes the next write of every member of the tenant happen, even
// if nothing changed.
func (c *Connections) RaiseEpoch(ctx context.Context, db bun.IConn, clientID string) error {
	_, err := c.DB.NewRaw(`update ? set epoch = epoch + 1 where client_id = ?`, c.Connection(), clientID).Conn(db).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: raise epoch: %w", err)
	}
	return nil
}

// AcceptGone believes mass deletions until a time.
func (c *Connections) AcceptGone(ctx context.Context, tx *sql.Tx, clientID string, until time.Time) error {
	_, err := c.DB.NewRaw(`update ? set gone_accepted_until = ? where client_id = ?`, c.Connection(), until, clientID).Conn(tx).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: accept deletions: %w", err)
	}
	return nil
}

// Note remembers what stopped the tenant, within Settle's transaction. The
// time stays that of the first of equal troubles in a row.
func (c *Connections) Note(ctx context.Context, tx bun.Tx, clientID string, f verdict.Failure, now time.Time) error {
	names := f.Properties
	if names == nil {
		names = []string{}
	}
	_, err := tx.NewRaw(`update ? set trouble_at = case when trouble_code = ? then coalesce(trouble_at, ?) else ? end,
			trouble_code = ?, trouble_names = ?, trouble_correlation = ? where client_id = ?`,
		c.Connection(), string(f.Code), now, now, string(f.Code), pgdialect.Array(names), f.Correlation, clientID).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: note trouble: %w", err)
	}
	return nil
}

// SetUIDomain remembers where the portal's pages are, for links to records.
func (c *Connections) SetUIDomain(ctx context.Context, clientID, domain string) error {
	_, err := c.DB.NewRaw(`update ? set ui_domain = ? where client_id = ? and ui_domain <> ?`, c.Connection(), domain, clientID, domain).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: remember ui domain: %w", err)
	}
	return nil
}

// SetNoteKey remembers whether the portal lets notes have a key; "" forgets it.
func (c *Connections) SetNoteKey(ctx context.Context, db bun.IConn, at Place, found string) error {
	_, err := c.DB.NewRaw(`update ? set note_key = ? where client_id = ? and portal_id = ? and note_key <> ?`,
		c.Connection(), found, at.ClientID, at.PortalID, found).Conn(db).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: remember note key: %w", err)
	}
	return nil
}

// Lock makes settlements that hold it follow one another: one that has found
// no company of an organization, and one that has just made it, must not miss
// each other.
func (c *Connections) Lock(ctx context.Context, tx bun.IConn, clientID string) error {
	_, err := c.DB.NewRaw(`select 1 from ? where client_id = ? for update`, c.Connection(), clientID).Conn(tx).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: lock the connection: %w", err)
	}
	return nil
}

// PortalTaken refuses a portal that another association is connected to.
func PortalTaken() error {
	return &integration.Error{
		Kind:   integration.Conflict,
		Title:  "This portal is connected to another association already.",
		Detail: "A HubSpot portal belongs to one association at a time. Nothing was changed.",
		Fix:    "Check the Portal ID. If the portal is yours, it must be disconnected where it is connected now.",
		Fields: integration.FieldErrors{settings.KeyPortal: {"This portal is connected to another association already."}},
	}
}

// isUniqueViolation recognises PostgreSQL's error 23505 from any driver that
// tells the code, without importing one.
func isUniqueViolation(err error) bool {
	var field interface{ Field(k byte) string } // pgdriver
	if errors.As(err, &field) {
		return field.Field('C') == "23505"
	}
	var state interface{ SQLState() string } // pgx, lib/pq
	return errors.As(err, &state) && state.SQLState() == "23505"
}

// RecordURL leads to a record in HubSpot's own pages, "" if it is not known
// where the portal's pages are. Tags, associations,
// attendance and custom events are shown on their contact.
func (c Connection) RecordURL(portalID int64, entity, id string) string {
	if c.UIDomain == "" || c.PortalID != portalID {
		return ""
	}
	object := "0-1"
	switch entity {
	case kinds.EntityCompany:
		object = "0-2"
	case kinds.EntityActivity, kinds.EntityNote:
		object = "0-46"
	case kinds.EntityEvent:
		object = "0-54"
	}
	return "https://" + c.UIDomain + "/contacts/" + strconv.FormatInt(portalID, 10) + "/record/" + object + "/" + id
}
