package crmsync

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/uptrace/bun"

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
	rows, total, err := s.records.page(ctx, place{clientID, conn.PortalID}, q)
	if err != nil {
		return integration.SyncPage{}, storeFault(err)
	}
	page := integration.SyncPage{Records: make([]integration.SyncRecord, len(rows)), Total: total, Page: q.Page, ItemsPerPage: q.ItemsPerPage}
	for i, row := range rows {
		page.Records[i] = row.public(conn)
	}
	return page, nil
}

// SyncRecord implements [integration.SyncLogger].
func (s *Syncer) SyncRecord(ctx context.Context, clientID, id string) (integration.SyncRecord, []integration.SyncAttempt, error) {
	row, err := s.records.one(ctx, clientID, id)
	if err != nil {
		return integration.SyncRecord{}, nil, err
	}
	attempts, err := s.records.attempts(ctx, clientID, id)
	if err != nil {
		return integration.SyncRecord{}, nil, storeFault(err)
	}
	conn, err := s.connections.get(ctx, s.db, clientID)
	if err != nil {
		return integration.SyncRecord{}, nil, storeFault(err)
	}
	return row.public(conn), attempts, nil
}

// Retry implements [integration.SyncLogger]: the member is sent again, also if
// nothing of it has changed.
func (s *Syncer) Retry(ctx context.Context, clientID, id string) error {
	row, err := s.records.one(ctx, clientID, id)
	if err != nil {
		return err
	}
	_, err = s.resend(ctx, clientID, []string{row.EntityID})
	return err
}

// RetryAll implements [integration.SyncLogger].
func (s *Syncer) RetryAll(ctx context.Context, clientID, c string) (int, error) {
	conn, err := s.connections.get(ctx, s.db, clientID)
	if err != nil {
		return 0, storeFault(err)
	}
	keys, err := s.records.failed(ctx, place{clientID, conn.PortalID}, c)
	if err != nil {
		return 0, storeFault(err)
	}
	if c == "" || c == string(codeStuck) {
		held, err := s.stuck(ctx, clientID)
		if err != nil {
			return 0, storeFault(err)
		}
		for _, a := range held {
			keys = append(keys, a.Key)
		}
	}
	return s.resend(ctx, clientID, keys)
}

// resend makes records that are set aside due, and records every key anew: a
// member that is not set aside any more is looked at again all the same.
func (s *Syncer) resend(ctx context.Context, clientID string, keys []string) (int, error) {
	if len(keys) == 0 {
		return 0, nil
	}
	conn, err := s.connections.get(ctx, s.db, clientID)
	if err != nil {
		return 0, storeFault(err)
	}
	if !conn.Connected {
		return 0, integration.ErrNotConnected
	}
	err = s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		at := place{clientID, conn.PortalID}
		if err := s.links.forgetFingerprints(ctx, tx, at, kindMember, keys); err != nil {
			return err
		}
		return s.outbox.Append(ctx, tx, liveEntries(clientID, kindMember, keys)...)
	})
	if err != nil {
		return 0, storeFault(err)
	}
	s.outbox.Wake(clientID)
	return len(keys), nil
}

func (r *Records) page(ctx context.Context, at place, q integration.SyncQuery) ([]recordRow, int, error) {
	where := `client_id = ? and portal_id = ? and (? = '' or sync_status = ?) and (? = '' or code = ?)`
	args := []any{at.clientID, at.portalID, q.Status, q.Status, q.Code, q.Code}
	switch id := strings.ToLower(strings.TrimSpace(q.Search)); {
	case id == "":
	case integration.ValidUUID(id):
		where += ` and (id = ? or entity_type = ? and entity_id = ?)`
		args = append(args, id, entityContact, id)
	default: // a record of HubSpot's: the links have an index for it, the log has none
		where += ` and entity_type = ? and entity_id in (select l.key from ? l where l.client_id = ? and l.portal_id = ? and l.kind = ? and l.hubspot_id = ?)`
		args = append(args, entityContact, r.link(), at.clientID, at.portalID, kindMember, id)
	}
	var total int
	if err := r.db.NewRaw(`select count(*) from ? where `+where, append([]any{r.record()}, args...)...).Scan(ctx, &total); err != nil {
		return nil, 0, fmt.Errorf("crmsync: count sync log: %w", err)
	}
	var rows []recordRow
	err := r.db.NewRaw(`select * from ? where `+where+` order by updated_at desc, id limit ? offset ?`,
		append(append([]any{r.record()}, args...), q.ItemsPerPage, (q.Page-1)*q.ItemsPerPage)...).Scan(ctx, &rows)
	if err != nil {
		return nil, 0, fmt.Errorf("crmsync: load sync log: %w", err)
	}
	return rows, total, nil
}

func (r *Records) one(ctx context.Context, clientID, id string) (recordRow, error) {
	if !integration.ValidUUID(id) {
		return recordRow{}, integration.ErrNotFound
	}
	var row recordRow
	err := r.db.NewRaw(`select * from ? where client_id = ? and id = ?`, r.record(), clientID, id).Scan(ctx, &row)
	if errors.Is(err, sql.ErrNoRows) {
		return recordRow{}, integration.ErrNotFound
	}
	if err != nil {
		return recordRow{}, storeFault(fmt.Errorf("crmsync: load sync record: %w", err))
	}
	return row, nil
}

func (r *Records) attempts(ctx context.Context, clientID, id string) ([]integration.SyncAttempt, error) {
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
			out[i].Message = tell(code(a.Code), a.Properties).title
		}
	}
	return out, nil
}

// failed lists the members whose records need attention, by code.
func (r *Records) failed(ctx context.Context, at place, c string) ([]string, error) {
	var keys []string
	err := r.db.NewRaw(`select entity_id::text from ? where client_id = ? and portal_id = ? and sync_status = 'failed' and not gone and (? = '' or code = ?)
		order by entity_id`, r.record(), at.clientID, at.portalID, c, c).Scan(ctx, &keys)
	if err != nil {
		return nil, fmt.Errorf("crmsync: list failed records: %w", err)
	}
	return keys, nil
}

// public is the record as the contract has it, in words.
func (row recordRow) public(conn connection) integration.SyncRecord {
	out := integration.SyncRecord{
		ID: row.ID, ClientID: row.ClientID, CRMSystem: PluginID, EntityType: row.EntityType, MemberPulseEntityID: row.EntityID,
		Status: integration.SyncStatus(row.SyncStatus), FieldMappings: fieldMappings(row.EntityType), IdempotencyKey: row.IdempotencyKey,
		LastSyncAt: row.LastSyncAt, Code: row.Code, CorrelationID: row.CorrelationID, CreatedAt: row.CreatedAt, UpdatedAt: row.UpdatedAt,
	}
	if row.CRMEntityID != nil {
		out.CRMEntityID = *row.CRMEntityID
		out.CRMEntityURL = contactURL(conn, row.PortalID, *row.CRMEntityID)
	}
	if row.Code != "" {
		t := tell(code(row.Code), row.Properties)
		out.Error, out.Fix = t.title+". "+t.meaning, t.fix
		switch {
		case row.Detail == "":
		case code(row.Code) == codeUnknownValue: // found here, HubSpot was not asked
			out.Error += " (" + row.Detail + ")"
		default:
			out.Error += " HubSpot says: " + row.Detail + "."
		}
		if row.OtherID != "" {
			out.Error += " The other contact is " + row.OtherID + "."
			if row.CRMEntityID == nil {
				out.CRMEntityURL = contactURL(conn, row.PortalID, row.OtherID)
			}
		}
	}
	return out
}

// contactURL leads to a contact in HubSpot's own pages, "" if it is not known
// where the portal's pages are.
func contactURL(conn connection, portalID int64, id string) string {
	if conn.UIDomain == "" || conn.PortalID != portalID {
		return ""
	}
	return "https://" + conn.UIDomain + "/contacts/" + strconv.FormatInt(portalID, 10) + "/record/0-1/" + id
}
