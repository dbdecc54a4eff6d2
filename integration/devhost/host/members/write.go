package members

import (
	"context"
	"fmt"
	"net/http"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/journal"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/store"
)

// Create adds a member, with a membership if given. Without a status the member
// is active.
func (m *Module) Create(ctx context.Context, clientID string, p Patch, first *MembershipPatch) (Profile, error) {
	member, err := p.apply(integration.Member{ID: newID(), Status: integration.MemberActive, RegisteredAt: m.now().UTC()})
	if err != nil {
		return Profile{}, err
	}
	var out Profile
	err = m.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		row := rowOf(clientID, member, m.now())
		if _, err := tx.NewInsert().Model(&row).Exec(ctx); err != nil {
			return refused(err)
		}
		var happened []integration.Activity
		if first != nil {
			if happened, err = m.putMembership(ctx, tx, clientID, row.profile(nil), *first); err != nil {
				return err
			}
		}
		if err := m.record(ctx, tx, clientID, member.ID); err != nil {
			return err
		}
		if err := m.rec.Happened(ctx, tx, clientID, happened...); err != nil {
			return err
		}
		out, err = m.get(ctx, tx, clientID, member.ID, "")
		return err
	})
	return out, err
}

// Update changes fields of a member. A patch that changes nothing writes and
// records nothing.
//
// The row is locked before the change is recorded, so two writers of one member
// record in the order in which they commit.
func (m *Module) Update(ctx context.Context, clientID, id string, p Patch) (Profile, error) {
	var out Profile
	err := m.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		old, err := m.get(ctx, tx, clientID, id, "update")
		if err != nil {
			return err
		}
		member, err := p.apply(old.Member)
		if err != nil {
			return err
		}
		if out = old; same(member, old.Member) {
			return nil
		}
		row := rowOf(clientID, member, m.now())
		_, err = tx.NewUpdate().Model(&row).ExcludeColumn("id", "client_id", "registered_at", "deleted_at", "organization_id", "crm_id").
			Where("m.client_id = ? and m.id = ?", clientID, id).Exec(ctx)
		if err != nil {
			return refused(err)
		}
		out = Profile{Member: member, CRMID: old.CRMID, UpdatedAt: row.UpdatedAt}
		return m.record(ctx, tx, clientID, id)
	})
	return out, err
}

// Delete marks a member as deleted. One with a running membership is a 409
// [problem.Problem]: end the membership first.
func (m *Module) Delete(ctx context.Context, clientID, id string) error {
	return m.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		old, err := m.get(ctx, tx, clientID, id, "update")
		if err != nil {
			return err
		}
		for _, ms := range old.Memberships {
			if running(ms.Status) {
				return &problem.Problem{
					Status: http.StatusConflict,
					Title:  "This member has an active membership.",
					Detail: "A member cannot be deleted while a membership is active or expiring. Nothing was changed.",
					Fix:    "Set the membership to cancelled or expired first, then delete the member.",
				}
			}
		}
		_, err = tx.NewUpdate().Model((*memberRow)(nil)).
			Set("deleted_at = ?, updated_at = ?", m.now(), m.now()).
			Where("m.client_id = ? and m.id = ?", clientID, id).Exec(ctx)
		if err != nil {
			return fmt.Errorf("members: delete: %w", err)
		}
		changes := journal.Members(clientID, id)
		if old.OrganizationID != "" { // has a seat free
			changes = append(changes, integration.OrganizationChanged(clientID, old.OrganizationID))
		}
		return m.rec.Record(ctx, tx, changes...)
	})
}

func (m *Module) record(ctx context.Context, tx bun.Tx, clientID string, ids ...string) error {
	return m.rec.Record(ctx, tx, journal.Members(clientID, ids...)...)
}

// refused turns the one refusal that only the database can see into a problem.
func refused(err error) error {
	if store.Violates(err) == "mp_members_email" {
		return &problem.Problem{
			Status: http.StatusConflict,
			Title:  "Another member has this email address.",
			Detail: "An address belongs to one member of an association. Nothing was changed.",
			Fix:    "Use another address, or change the other member first.",
			Errors: map[string][]string{"email": {"Another member has this address."}},
		}
	}
	return fmt.Errorf("members: write: %w", err)
}
