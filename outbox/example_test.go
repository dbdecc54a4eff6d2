package outbox_test

import (
	"context"
	"fmt"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/outbox"
)

// Recording belongs into the transaction that makes the change.
func ExampleOutbox_Append() {
	var db *bun.DB         // the host's, with box.QueryHook()
	var box *outbox.Outbox // outbox.New(db, outbox.Config{Kinds: ...})

	rename := func(ctx context.Context, tenant, id, name string) error {
		return db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
			// The member's own row first: that is what orders its changes.
			if _, err := tx.ExecContext(ctx, "update members set name = ? where id = ?", name, id); err != nil {
				return err
			}
			return box.Append(ctx, tx, outbox.Entry{
				Tenant: tenant,
				Lane:   outbox.LaneLive,
				Kind:   "member",
				Key:    id,
			})
		})
	}
	_ = rename
}

// A handler says of each delivery what became of it.
func ExampleOutbox_Settle() {
	var box *outbox.Outbox
	var call func(ctx context.Context, keys []string) []error

	handle := func(msg *message.Message) error {
		batch, err := outbox.FromMessage(msg)
		if err != nil {
			return err
		}
		keys := make([]string, len(batch.Deliveries))
		for i, d := range batch.Deliveries {
			keys[i] = d.Key
		}
		guarded, cancel, err := box.Guard(msg.Context(), batch, box.CallTimeout())
		if err != nil {
			return nil // somebody else's now
		}
		defer cancel()
		s := outbox.Settlement{}
		for _, err := range call(guarded, keys) {
			if err != nil {
				s.Outcomes = append(s.Outcomes, outbox.Retry("transient", "the call failed", 0))
				continue
			}
			s.Outcomes = append(s.Outcomes, outbox.Delivered())
		}
		return box.Settle(msg.Context(), batch, s)
	}
	_ = handle
}

func ExampleWait() {
	o := outbox.Wait("organization", "acme", "the company is not linked yet")
	fmt.Println(o.Verdict, "for", o.WaitsFor)
	// Output: wait for organization:acme
}
