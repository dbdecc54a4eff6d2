package carry

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
)

// The host takes CRM ids in the transaction that settles. Its own transactions
// lock the same rows, some of them for long: a settlement must not wait for
// them. What the host cannot take at once is kept and told again, at growing
// intervals: it may be refused for good.
const (
	hostPatience = 2 * time.Second // for the host's locks, within a settlement
	RetellEvery  = 5 * time.Second
	retellRest   = 5 * time.Second // after the first refusal, doubled with each
	retellMost   = time.Hour
	retellPage   = 100 // ids at a time
	retellShare  = 10  // of them at most of one tenant
)

// TellHost writes CRM ids within Settle's transaction.
func (s *Base) TellHost(ctx context.Context, tx bun.Tx, clientID string, ids []integration.CRMID) error {
	if s.CRMIDs == nil || len(ids) == 0 {
		return nil
	}
	err := tx.RunInTx(ctx, nil, func(ctx context.Context, point bun.Tx) error { return s.writeCRMIDs(ctx, point, clientID, ids) })
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return fmt.Errorf("crmsync: write CRM ids: %w", err)
	}
	s.Log.Warn("the host could not take CRM ids and is told again", "client_id", clientID, "ids", len(ids), "error", err)
	now := s.Now()
	for _, id := range ids {
		_, err := tx.NewRaw(`insert into ? (client_id, kind, key, crm_id, since, due_at) values (?, ?, ?, ?, ?, ?)
			on conflict (client_id, kind, key) do update set crm_id = excluded.crm_id, due_at = excluded.due_at, attempts = 0`,
			s.Links.CRMID(), clientID, string(id.Ref.Kind), id.Ref.Key, id.ID, now, now).Exec(ctx)
		if err != nil {
			return fmt.Errorf("crmsync: keep CRM ids: %w", err)
		}
	}
	return nil
}

// writeCRMIDs writes ids of one kind and forgets that they wait, with patience for locks.
func (s *Base) writeCRMIDs(ctx context.Context, tx bun.Tx, clientID string, ids []integration.CRMID) error {
	if _, err := tx.NewRaw(fmt.Sprintf("set local lock_timeout = %d", hostPatience.Milliseconds())).Exec(ctx); err != nil {
		return err
	}
	if err := s.handCRMIDs(ctx, tx, clientID, ids); err != nil {
		return err
	}
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = id.Ref.Key
	}
	if _, err := tx.NewRaw(`delete from ? where client_id = ? and kind = ? and key in (?)`,
		s.Links.CRMID(), clientID, string(ids[0].Ref.Kind), bun.List(keys)).Exec(ctx); err != nil {
		return err
	}
	_, err := tx.NewRaw("set local lock_timeout to default").Exec(ctx)
	return err
}

// handCRMIDs gives ids to the host. A panic of the host's is an error like any
// other: it must not end a settlement, and not the process.
func (s *Base) handCRMIDs(ctx context.Context, tx bun.Tx, clientID string, ids []integration.CRMID) (err error) {
	defer func() {
		if r := recover(); r != nil {
			// The value may quote data: its type is enough, the stack says where.
			s.Log.Error("panic in the host's writer of CRM ids", "client_id", clientID, "panic_type", fmt.Sprintf("%T", r), "stack", string(debug.Stack()))
			err = fmt.Errorf("crmsync: the host's writer of CRM ids panicked: %T", r)
		}
	}()
	return s.CRMIDs.WriteCRMIDs(ctx, tx.Tx, clientID, ids)
}

// ForgetCRMIDs drops, within tx, what the host could not take of a tenant: it
// is of a portal that is not connected any more.
func (s *Base) ForgetCRMIDs(ctx context.Context, tx bun.IConn, clientID string) error {
	_, err := s.DB.NewRaw(`delete from ? where client_id = ?`, s.Links.CRMID(), clientID).Conn(tx).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: forget CRM ids: %w", err)
	}
	return nil
}

// keptID is a CRM id that the host could not take.
type keptID struct {
	ClientID string `bun:"client_id"`
	Kind     string `bun:"kind"`
	Key      string `bun:"key"`
	ID       string `bun:"crm_id"`
	Attempts int    `bun:"attempts"`
}

// RetellHost tells the host what it could not take before, one id a
// transaction, so that one that is still locked holds back no other. Every
// tenant has its first before one has its second, and none more than a share.
func (s *Base) RetellHost(ctx context.Context) error {
	var rows []keptID
	err := s.DB.NewRaw(`select client_id::text, kind, key::text, crm_id, attempts from (
			select *, row_number() over (partition by client_id order by due_at, since) as nth from ? where due_at <= ?) c
		where nth <= ? order by nth, due_at, since limit ?`,
		s.Links.CRMID(), s.Now(), retellShare, retellPage).Scan(ctx, &rows)
	if err != nil {
		return fmt.Errorf("crmsync: list CRM ids: %w", err)
	}
	for _, r := range rows {
		err := s.DB.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error { return s.retell(ctx, tx, r) })
		if err == nil || ctx.Err() != nil {
			continue
		}
		s.Log.Warn("the host could not take a CRM id and is told again", "client_id", r.ClientID, "kind", r.Kind, "refusals", r.Attempts+1, "error", err)
		rest := min(retellMost, retellRest<<min(r.Attempts, 16))
		_, err = s.DB.NewRaw(`update ? set due_at = ?, attempts = attempts + 1 where client_id = ? and kind = ? and key = ? and crm_id = ?`,
			s.Links.CRMID(), s.Now().Add(rest), r.ClientID, r.Kind, r.Key, r.ID).Exec(ctx)
		if err != nil {
			return fmt.Errorf("crmsync: put off CRM ids: %w", err)
		}
	}
	return nil
}

func (s *Base) retell(ctx context.Context, tx bun.Tx, r keptID) error {
	// Whoever settles this one meanwhile has newer word: it is theirs then.
	var n int
	err := tx.NewRaw(`select count(*) from (select 1 from ? where client_id = ? and kind = ? and key = ? and crm_id = ? for update skip locked) s`,
		s.Links.CRMID(), r.ClientID, r.Kind, r.Key, r.ID).Scan(ctx, &n)
	if err != nil || n == 0 {
		return err
	}
	ids := []integration.CRMID{{Ref: integration.Ref{Kind: integration.Kind(r.Kind), Key: r.Key}, ID: r.ID}}
	return s.writeCRMIDs(ctx, tx, r.ClientID, ids)
}
