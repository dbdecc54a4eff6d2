package crmsync

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
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
	conn, err := s.connections.get(ctx, s.db, clientID)
	if err != nil {
		return integration.SyncPage{}, storeFault(err)
	}
	m, err := s.mappings.load(ctx, s.db, place{clientID, conn.PortalID})
	if err != nil {
		return integration.SyncPage{}, storeFault(err)
	}
	rows, total, err := s.syncLog().page(ctx, place{clientID, conn.PortalID}, q)
	if err != nil {
		return integration.SyncPage{}, storeFault(err)
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
		return integration.SyncRecord{}, nil, storeFault(err)
	}
	conn, err := s.connections.get(ctx, s.db, clientID)
	if err != nil {
		return integration.SyncRecord{}, nil, storeFault(err)
	}
	m, err := s.mappings.load(ctx, s.db, place{clientID, conn.PortalID})
	if err != nil {
		return integration.SyncRecord{}, nil, storeFault(err)
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
	conn, err := s.connections.get(ctx, s.db, clientID)
	if err != nil {
		return 0, storeFault(err)
	}
	byKind, err := s.syncLog().failed(ctx, place{clientID, conn.PortalID}, c)
	if err != nil {
		return 0, storeFault(err)
	}
	if c == "" || c == string(codeStuck) {
		held, err := s.stuck(ctx, clientID)
		if err != nil {
			return 0, storeFault(err)
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
	conn, err := s.connections.get(ctx, s.db, clientID)
	if err != nil {
		return 0, storeFault(err)
	}
	if !conn.Connected {
		return 0, integration.ErrNotConnected
	}
	n := 0
	err = s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		n = 0
		for _, kind := range slices.Sorted(maps.Keys(byKind)) {
			keys := byKind[kind]
			n += len(keys)
			if s.carriers[kind].fact {
				if _, err := s.outbox.Resend(ctx, tx.Tx, clientID, kind, keys...); err != nil {
					return err
				}
				continue
			}
			if err := s.notes.ledger.forget(ctx, tx, place{clientID, conn.PortalID}, kind, keys); err != nil {
				return err
			}
			if err := s.links.forgetFingerprints(ctx, tx, place{clientID, conn.PortalID}, kind, keys); err != nil {
				return err
			}
			if err := s.marketing.ledger.forget(ctx, tx, place{clientID, conn.PortalID}, kind, keys); err != nil {
				return err
			}
			if err := s.outbox.Append(ctx, tx, liveEntries(clientID, kind, keys)...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, storeFault(err)
	}
	s.outbox.Wake(clientID)
	return n, nil
}

// recordSelect reads records with what those of type tag say beyond the others.
const recordSelect = `select r.*, t.member_id::text, t.tag, t.applied, t.cause, t.occurred_at from ? r left join ? t on t.record_id = r.id where `

func (r syncLog) page(ctx context.Context, at place, q integration.SyncQuery) ([]loggedRow, int, error) {
	where, args := r.where(at, q)
	var total int
	if err := r.db.NewRaw(`select count(*) from ? r where `+where, append([]any{r.record()}, args...)...).Scan(ctx, &total); err != nil {
		return nil, 0, fmt.Errorf("crmsync: count sync log: %w", err)
	}
	var rows []loggedRow
	err := r.db.NewRaw(recordSelect+where+` order by r.updated_at desc, r.id limit ? offset ?`,
		append(append([]any{r.record(), r.syncTag()}, args...), q.ItemsPerPage, (q.Page-1)*q.ItemsPerPage)...).Scan(ctx, &rows)
	if err != nil {
		return nil, 0, fmt.Errorf("crmsync: load sync log: %w", err)
	}
	return rows, total, nil
}

// where is the condition of a page's query, over r.
func (r syncLog) where(at place, q integration.SyncQuery) (string, []any) {
	where := `r.client_id = ? and r.portal_id = ? and (? = '' or r.sync_status = ?) and (? = '' or r.code = ?) and (? = '' or r.entity_type = ?)`
	args := []any{at.clientID, at.portalID, q.Status, q.Status, q.Code, q.Code, q.EntityType, q.EntityType}
	switch id := strings.ToLower(strings.TrimSpace(q.Search)); {
	case id == "":
	case integration.ValidUUID(id):
		// Each part has an index; an "or" over them would have none.
		where += ` and r.id in (select ?::uuid
			union all select x.id from ? x where x.client_id = ? and x.portal_id = ? and x.entity_type in (?) and x.entity_id = ?
			union all select t.record_id from ? t where t.client_id = ? and t.member_id = ?)`
		args = append(args, id, r.record(), at.clientID, at.portalID, bun.List(entityTypes()), id, r.syncTag(), at.clientID, id)
	default: // a record of HubSpot's: the links have an index for it, the log has none
		where += ` and r.id in (select x.id from ? l join ? x on x.client_id = l.client_id and x.portal_id = l.portal_id and x.entity_type in (?) and x.entity_id = l.key
			where l.client_id = ? and l.portal_id = ? and l.kind in (?) and l.hubspot_id = ?)`
		args = append(args, r.link(), r.record(), bun.List(entityTypes()), at.clientID, at.portalID, bun.List([]string{kindMember, kindOrganization}), id)
	}
	return where, args
}

func (r syncLog) one(ctx context.Context, clientID, id string) (loggedRow, error) {
	if !integration.ValidUUID(id) {
		return loggedRow{}, integration.ErrNotFound
	}
	var row loggedRow
	err := r.db.NewRaw(recordSelect+`r.client_id = ? and r.id = ?`, r.record(), r.syncTag(), clientID, id).Scan(ctx, &row)
	if errors.Is(err, sql.ErrNoRows) {
		return loggedRow{}, integration.ErrNotFound
	}
	if err != nil {
		return loggedRow{}, storeFault(fmt.Errorf("crmsync: load sync record: %w", err))
	}
	return row, nil
}

func (r syncLog) attempts(ctx context.Context, clientID, id, entity string) ([]integration.SyncAttempt, error) {
	var rows []attemptRow
	err := r.db.NewRaw(`select client_id::text, record_id::text, at, sync_status, code, properties, other_id, detail, correlation_id
		from ? where client_id = ? and record_id = ? order by id desc limit 100`, r.attempt(), clientID, id).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("crmsync: load sync attempts: %w", err)
	}
	out := make([]integration.SyncAttempt, len(rows))
	for i, a := range rows {
		out[i] = integration.SyncAttempt{At: a.At, Status: integration.SyncStatus(a.SyncStatus), Code: a.Code, CorrelationID: a.CorrelationID}
		if a.Code != "" {
			out[i].Message = tell(code(a.Code), entity, a.Properties).title
		}
	}
	return out, nil
}

// failed lists what needs attention, by kind.
func (r syncLog) failed(ctx context.Context, at place, c string) (map[string][]string, error) {
	var rows []loggedRow
	err := r.db.NewRaw(recordSelect+`r.client_id = ? and r.portal_id = ? and r.sync_status = 'failed' and not r.gone and (? = '' or r.code = ?)
		order by r.entity_id`, r.record(), r.syncTag(), at.clientID, at.portalID, c, c).Scan(ctx, &rows)
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
	recordRow

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
	case entityCompany:
		return kindOrganization, row.EntityID
	case entityActivity:
		return kindActivity, row.EntityID
	case entityNote:
		return kindTicket, row.EntityID
	case entityAssociation:
		return kindAssociation, row.EntityID
	case entityEvent:
		return kindEvent, row.EntityID
	case entityAttendance:
		return kindAttendance, row.EntityID
	case entityCustomEvent:
		return kindCustomEvent, row.EntityID
	case entityTag:
		if row.MemberID != nil {
			return kindMember, *row.MemberID
		}
	}
	return kindMember, row.EntityID
}

// public is the record as the contract has it, in words.
func (row loggedRow) public(conn connection, m mapping) integration.SyncRecord {
	out := integration.SyncRecord{
		ID: row.ID, ClientID: row.ClientID, CRMSystem: pluginID, EntityType: row.EntityType, MemberPulseEntityID: row.EntityID,
		Status: integration.SyncStatus(row.SyncStatus), FieldMappings: fieldMappings(row.EntityType, m), IdempotencyKey: row.IdempotencyKey,
		LastSyncAt: row.LastSyncAt, Code: row.Code, CorrelationID: row.CorrelationID, CreatedAt: row.CreatedAt, UpdatedAt: row.UpdatedAt,
	}
	if row.Tag != nil {
		out.MemberPulseEntityID, out.Tag, out.Applied, out.Cause, out.OccurredAt = *row.MemberID, *row.Tag, row.Applied, *row.Cause, row.OccurredAt
	}
	if row.CRMEntityID != nil {
		out.CRMEntityID = *row.CRMEntityID
		out.CRMEntityURL = recordURL(conn, row.PortalID, row.EntityType, *row.CRMEntityID)
	}
	if row.Code != "" {
		t := tell(code(row.Code), row.EntityType, row.Properties)
		out.Error, out.Fix = t.title+". "+t.meaning, t.fix
		switch {
		case row.Detail == "":
		case code(row.Code) == codeUnknownValue: // found here, HubSpot was not asked
			out.Error += " (" + row.Detail + ")"
		default:
			out.Error += " HubSpot says: " + row.Detail + "."
		}
		if row.OtherID != "" {
			out.Error += " The " + nounsOf(row.EntityType).other + " is " + row.OtherID + "."
			if row.CRMEntityID == nil {
				out.CRMEntityURL = recordURL(conn, row.PortalID, row.EntityType, row.OtherID)
			}
		}
	}
	return out
}

// fieldMappings is the map without values, as a sync record shows it.
func fieldMappings(entity string, m mapping) map[string]string {
	switch entity {
	case entityContact:
		return propertymap.New(propertymap.Contact, m.rules, nil).Fields()
	case entityCompany:
		return propertymap.New(propertymap.Company, m.rules, nil).Fields()
	}
	return nil
}

// recordURL leads to a record in HubSpot's own pages, "" if it is not known
// where the portal's pages are. Tags, associations,
// attendance and custom events are shown on their contact.
func recordURL(conn connection, portalID int64, entity, id string) string {
	if conn.UIDomain == "" || conn.PortalID != portalID {
		return ""
	}
	object := "0-1"
	switch entity {
	case entityCompany:
		object = "0-2"
	case entityActivity, entityNote:
		object = "0-46"
	case entityEvent:
		object = "0-54"
	}
	return "https://" + conn.UIDomain + "/contacts/" + strconv.FormatInt(portalID, 10) + "/record/" + object + "/" + id
}

// syncLog reads sync records for the pages.
type syncLog struct{ *Records }

func (s *Syncer) syncLog() syncLog { return syncLog{s.records} }
