package crmsync

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/inspect"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/words"
	"github.com/memberpulse/hubspotplugin/integration"
)

// Pages of the sync log.
const (
	pageDefault = 30
	pageMax     = 100
)

// SyncLog implements [integration.SyncLogger].
func (s *Syncer) SyncLog(ctx context.Context, clientID string, q integration.SyncQuery) (integration.SyncPage, error) {
	if q.ItemsPerPage <= 0 {
		q.ItemsPerPage = pageDefault
	}
	q.ItemsPerPage = min(q.ItemsPerPage, pageMax)
	q.Page = max(q.Page, 1)
	conn, err := s.Connections.Get(ctx, s.DB, clientID)
	if err != nil {
		return integration.SyncPage{}, inspect.StoreFault(err)
	}
	m, err := s.mappings.load(ctx, s.DB, ledger.Place{ClientID: clientID, PortalID: conn.PortalID})
	if err != nil {
		return integration.SyncPage{}, inspect.StoreFault(err)
	}
	rows, total, err := s.syncLog().page(ctx, ledger.Place{ClientID: clientID, PortalID: conn.PortalID}, q)
	if err != nil {
		return integration.SyncPage{}, inspect.StoreFault(err)
	}
	page := integration.SyncPage{Records: make([]integration.SyncRecord, len(rows)), Total: total, Page: q.Page, ItemsPerPage: q.ItemsPerPage}
	for i, row := range rows {
		page.Records[i] = row.public(conn, m)
	}
	return page, nil
}

// SyncRecord implements [integration.SyncLogger].
func (s *Syncer) SyncRecord(ctx context.Context, clientID, id string) (integration.SyncRecord, []integration.SyncAttempt, error) {
	row, err := s.syncLog().one(ctx, clientID, id)
	if err != nil {
		return integration.SyncRecord{}, nil, err
	}
	attempts, err := s.syncLog().attempts(ctx, clientID, id, row.EntityType)
	if err != nil {
		return integration.SyncRecord{}, nil, inspect.StoreFault(err)
	}
	conn, err := s.Connections.Get(ctx, s.DB, clientID)
	if err != nil {
		return integration.SyncRecord{}, nil, inspect.StoreFault(err)
	}
	m, err := s.mappings.load(ctx, s.DB, ledger.Place{ClientID: clientID, PortalID: conn.PortalID})
	if err != nil {
		return integration.SyncRecord{}, nil, inspect.StoreFault(err)
	}
	return row.public(conn, m), attempts, nil
}

// Retry implements [integration.SyncLogger]: the member is sent again, also if
// nothing of it has changed.
func (s *Syncer) Retry(ctx context.Context, clientID, id string) error {
	row, err := s.syncLog().one(ctx, clientID, id)
	if err != nil {
		return err
	}
	kind, key := row.kind()
	_, err = s.resend(ctx, clientID, map[string][]string{kind: {key}})
	return err
}

// RetryAll implements [integration.SyncLogger].
func (s *Syncer) RetryAll(ctx context.Context, clientID, c string) (int, error) {
	conn, err := s.Connections.Get(ctx, s.DB, clientID)
	if err != nil {
		return 0, inspect.StoreFault(err)
	}
	byKind, err := s.syncLog().failed(ctx, ledger.Place{ClientID: clientID, PortalID: conn.PortalID}, c)
	if err != nil {
		return 0, inspect.StoreFault(err)
	}
	if c == "" || c == string(verdict.Stuck) {
		held, err := s.stuck(ctx, clientID)
		if err != nil {
			return 0, inspect.StoreFault(err)
		}
		for _, a := range held {
			byKind[a.Kind] = append(byKind[a.Kind], a.Key)
		}
	}
	return s.resend(ctx, clientID, byKind)
}

// resend records every key of each kind anew: one that is not set aside any
// more is looked at again all the same. Facts cannot be recorded anew; those
// that are set aside become due.
func (s *Syncer) resend(ctx context.Context, clientID string, byKind map[string][]string) (int, error) {
	if len(byKind) == 0 {
		return 0, nil
	}
	conn, err := s.Connections.Get(ctx, s.DB, clientID)
	if err != nil {
		return 0, inspect.StoreFault(err)
	}
	if !conn.Connected {
		return 0, integration.ErrNotConnected
	}
	n := 0
	err = s.DB.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		n = 0
		for _, kind := range slices.Sorted(maps.Keys(byKind)) {
			keys := byKind[kind]
			n += len(keys)
			if s.carriers[kind].fact {
				if _, err := s.Outbox.Resend(ctx, tx.Tx, clientID, kind, keys...); err != nil {
					return err
				}
				continue
			}
			if err := s.notes.Ledger.Forget(ctx, tx, ledger.Place{ClientID: clientID, PortalID: conn.PortalID}, kind, keys); err != nil {
				return err
			}
			if err := s.Links.ForgetFingerprints(ctx, tx, ledger.Place{ClientID: clientID, PortalID: conn.PortalID}, kind, keys); err != nil {
				return err
			}
			if err := s.marketing.Ledger.Forget(ctx, tx, ledger.Place{ClientID: clientID, PortalID: conn.PortalID}, kind, keys); err != nil {
				return err
			}
			if err := s.Outbox.Append(ctx, tx, carry.LiveEntries(clientID, kind, keys)...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, inspect.StoreFault(err)
	}
	s.Outbox.Wake(clientID)
	return n, nil
}

// recordSelect reads records with what those of type tag say beyond the others.
const recordSelect = `select r.*, t.member_id::text, t.tag, t.applied, t.cause, t.occurred_at from ? r left join ? t on t.record_id = r.id where `

func (r syncLog) page(ctx context.Context, at ledger.Place, q integration.SyncQuery) ([]loggedRow, int, error) {
	where, args := r.where(at, q)
	var total int
	if err := r.DB.NewRaw(`select count(*) from ? r where `+where, append([]any{r.Record()}, args...)...).Scan(ctx, &total); err != nil {
		return nil, 0, fmt.Errorf("crmsync: count sync log: %w", err)
	}
	var rows []loggedRow
	err := r.DB.NewRaw(recordSelect+where+` order by r.updated_at desc, r.id limit ? offset ?`,
		append(append([]any{r.Record(), r.SyncTag()}, args...), q.ItemsPerPage, (q.Page-1)*q.ItemsPerPage)...).Scan(ctx, &rows)
	if err != nil {
		return nil, 0, fmt.Errorf("crmsync: load sync log: %w", err)
	}
	return rows, total, nil
}

// where is the condition of a page's query, over r.
func (r syncLog) where(at ledger.Place, q integration.SyncQuery) (string, []any) {
	where := `r.client_id = ? and r.portal_id = ? and (? = '' or r.sync_status = ?) and (? = '' or r.code = ?) and (? = '' or r.entity_type = ?)`
	args := []any{at.ClientID, at.PortalID, q.Status, q.Status, q.Code, q.Code, q.EntityType, q.EntityType}
	switch id := strings.ToLower(strings.TrimSpace(q.Search)); {
	case id == "":
	case integration.ValidUUID(id):
		// Each part has an index; an "or" over them would have none.
		where += ` and r.id in (select ?::uuid
			union all select x.id from ? x where x.client_id = ? and x.portal_id = ? and x.entity_type in (?) and x.entity_id = ?
			union all select t.record_id from ? t where t.client_id = ? and t.member_id = ?)`
		args = append(args, id, r.Record(), at.ClientID, at.PortalID, bun.List(kinds.EntityTypes()), id, r.SyncTag(), at.ClientID, id)
	default: // a record of HubSpot's: the links have an index for it, the log has none
		where += ` and r.id in (select x.id from ? l join ? x on x.client_id = l.client_id and x.portal_id = l.portal_id and x.entity_type in (?) and x.entity_id = l.key
			where l.client_id = ? and l.portal_id = ? and l.kind in (?) and l.hubspot_id = ?)`
		args = append(args, r.Link(), r.Record(), bun.List(kinds.EntityTypes()), at.ClientID, at.PortalID, bun.List([]string{kinds.Member, kinds.Organization}), id)
	}
	return where, args
}

func (r syncLog) one(ctx context.Context, clientID, id string) (loggedRow, error) {
	if !integration.ValidUUID(id) {
		return loggedRow{}, integration.ErrNotFound
	}
	var row loggedRow
	err := r.DB.NewRaw(recordSelect+`r.client_id = ? and r.id = ?`, r.Record(), r.SyncTag(), clientID, id).Scan(ctx, &row)
	if errors.Is(err, sql.ErrNoRows) {
		return loggedRow{}, integration.ErrNotFound
	}
	if err != nil {
		return loggedRow{}, inspect.StoreFault(fmt.Errorf("crmsync: load sync record: %w", err))
	}
	return row, nil
}

func (r syncLog) attempts(ctx context.Context, clientID, id, entity string) ([]integration.SyncAttempt, error) {
	var rows []ledger.AttemptRow
	err := r.DB.NewRaw(`select client_id::text, record_id::text, at, sync_status, code, properties, other_id, detail, correlation_id
		from ? where client_id = ? and record_id = ? order by id desc limit ?`, r.Attempt(), clientID, id, ledger.AttemptsKept).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("crmsync: load sync attempts: %w", err)
	}
	out := make([]integration.SyncAttempt, len(rows))
	for i, a := range rows {
		out[i] = integration.SyncAttempt{At: a.At, Status: integration.SyncStatus(a.SyncStatus), Code: a.Code, CorrelationID: a.CorrelationID}
		if a.Code != "" {
			out[i].Message = words.Tell(verdict.Code(a.Code), entity, a.Properties).Title
		}
	}
	return out, nil
}

// failed lists what needs attention, by kind.
func (r syncLog) failed(ctx context.Context, at ledger.Place, c string) (map[string][]string, error) {
	var rows []loggedRow
	err := r.DB.NewRaw(recordSelect+`r.client_id = ? and r.portal_id = ? and r.sync_status = 'failed' and not r.gone and (? = '' or r.code = ?)
		order by r.entity_id`, r.Record(), r.SyncTag(), at.ClientID, at.PortalID, c, c).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("crmsync: list failed records: %w", err)
	}
	out := map[string][]string{}
	for _, row := range rows {
		kind, key := row.kind()
		out[kind] = append(out[kind], key)
	}
	return out, nil
}

// loggedRow is a record as the log shows it.
type loggedRow struct {
	ledger.RecordRow

	MemberID   *string    `bun:"member_id"`
	Tag        *string    `bun:"tag"`
	Applied    *bool      `bun:"applied"`
	Cause      *string    `bun:"cause"`
	OccurredAt *time.Time `bun:"occurred_at"`
}

// kind is the outbox kind whose delivery settles the record, and the key to
// deliver.
func (row loggedRow) kind() (kind, key string) {
	switch row.EntityType {
	case kinds.EntityCompany:
		return kinds.Organization, row.EntityID
	case kinds.EntityActivity:
		return kinds.Activity, row.EntityID
	case kinds.EntityNote:
		return kinds.Ticket, row.EntityID
	case kinds.EntityAssociation:
		return kinds.Association, row.EntityID
	case kinds.EntityEvent:
		return kinds.Event, row.EntityID
	case kinds.EntityAttendance:
		return kinds.Attendance, row.EntityID
	case kinds.EntityCustomEvent:
		return kinds.CustomEvent, row.EntityID
	case kinds.EntityTag:
		if row.MemberID != nil {
			return kinds.Member, *row.MemberID
		}
	}
	return kinds.Member, row.EntityID
}

// public is the record as the contract has it, in words.
func (row loggedRow) public(conn ledger.Connection, m mapping) integration.SyncRecord {
	out := integration.SyncRecord{
		ID: row.ID, ClientID: row.ClientID, CRMSystem: settings.PluginID, EntityType: row.EntityType, MemberPulseEntityID: row.EntityID,
		Status: integration.SyncStatus(row.SyncStatus), FieldMappings: fieldMappings(row.EntityType, m), IdempotencyKey: row.IdempotencyKey,
		LastSyncAt: row.LastSyncAt, Code: row.Code, CorrelationID: row.CorrelationID, CreatedAt: row.CreatedAt, UpdatedAt: row.UpdatedAt,
	}
	if row.Tag != nil {
		out.MemberPulseEntityID, out.Tag, out.Applied, out.Cause, out.OccurredAt = *row.MemberID, *row.Tag, row.Applied, *row.Cause, row.OccurredAt
	}
	if row.CRMEntityID != nil {
		out.CRMEntityID = *row.CRMEntityID
		out.CRMEntityURL = conn.RecordURL(row.PortalID, row.EntityType, *row.CRMEntityID)
	}
	if row.Code != "" {
		t := words.Tell(verdict.Code(row.Code), row.EntityType, row.Properties)
		out.Error, out.Fix = t.Title+". "+t.Meaning, t.Fix
		switch {
		case row.Detail == "":
		case verdict.Code(row.Code) == verdict.UnknownValue: // found here, HubSpot was not asked
			out.Error += " (" + row.Detail + ")"
		default:
			out.Error += " In detail: " + row.Detail + "."
		}
		if row.OtherID != "" {
			out.Error += " The " + words.NounsOf(row.EntityType).Other + " is " + row.OtherID + "."
			if row.CRMEntityID == nil {
				out.CRMEntityURL = conn.RecordURL(row.PortalID, row.EntityType, row.OtherID)
			}
		}
	}
	return out
}

// fieldMappings is the map without values, as a sync record shows it.
func fieldMappings(entity string, m mapping) map[string]string {
	switch entity {
	case kinds.EntityContact:
		return propertymap.New(propertymap.Contact, m.rules, nil).Fields()
	case kinds.EntityCompany:
		return propertymap.New(propertymap.Company, m.rules, nil).Fields()
	}
	return nil
}

// syncLog reads sync records for the pages.
type syncLog struct{ *ledger.Records }

func (s *Syncer) syncLog() syncLog { return syncLog{s.Records} }
