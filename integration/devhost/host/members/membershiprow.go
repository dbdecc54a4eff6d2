package members

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
)

// The price types of a membership.
const (
	monthly  = "monthly"
	annually = "annually"
)

// membershipRow reads and writes days as text, as memberRow does.
type membershipRow struct {
	bun.BaseModel        `bun:"table:mp_memberships,alias:s"`
	ID                   string                       `bun:"id,pk,type:uuid"`
	ClientID             string                       `bun:"client_id,type:uuid"`
	MemberID             string                       `bun:"member_id,type:uuid"`
	PlanID               string                       `bun:"plan_id,type:uuid"`
	PriceType            string                       `bun:"price_type"`
	Status               integration.MembershipStatus `bun:"status"`
	StatusSince          time.Time                    `bun:"status_since,nullzero"`
	StartDate            string                       `bun:"start_date,type:date"`
	EndDate              string                       `bun:"end_date,type:date,nullzero"`
	RenewedAt            time.Time                    `bun:"renewed_at,nullzero"`
	UpgradedAt           time.Time                    `bun:"upgraded_at,nullzero"`
	UpgradedFrom         string                       `bun:"upgraded_from"`
	DowngradedAt         time.Time                    `bun:"downgraded_at,nullzero"`
	DowngradeScheduledAt time.Time                    `bun:"downgrade_scheduled_at,nullzero"`
	DowngradePlanID      string                       `bun:"downgrade_plan_id,type:uuid,nullzero"`
	DowngradeOn          string                       `bun:"downgrade_on,type:date,nullzero"`
	PlanName             string                       `bun:"plan_name,scanonly"`
	DowngradeTo          string                       `bun:"downgrade_to,scanonly"`
}

func (r membershipRow) membership() integration.Membership {
	return integration.Membership{
		ID: r.ID, PlanID: r.PlanID, PlanName: r.PlanName, PriceType: r.PriceType, Status: r.Status, StatusSince: r.StatusSince,
		StartDate: dayOf(r.StartDate), EndDate: dayOf(r.EndDate), RenewedAt: r.RenewedAt,
		UpgradedAt: r.UpgradedAt, UpgradedFrom: r.UpgradedFrom, DowngradedAt: r.DowngradedAt,
		DowngradeScheduledAt: r.DowngradeScheduledAt, DowngradeTo: r.DowngradeTo, DowngradeOn: dayOf(r.DowngradeOn),
	}
}

// membershipRowOf is m as a row; downgrade is the id of the plan that a scheduled
// downgrade leads to.
func membershipRowOf(clientID, memberID string, m integration.Membership, downgrade string) membershipRow {
	if m.PriceType == "" {
		m.PriceType = annually
	}
	return membershipRow{
		ID: m.ID, ClientID: clientID, MemberID: memberID, PlanID: m.PlanID, PriceType: m.PriceType, Status: m.Status,
		StatusSince: m.StatusSince, StartDate: m.StartDate.String(), EndDate: m.EndDate.String(), RenewedAt: m.RenewedAt,
		UpgradedAt: m.UpgradedAt, UpgradedFrom: m.UpgradedFrom, DowngradedAt: m.DowngradedAt,
		DowngradeScheduledAt: m.DowngradeScheduledAt, DowngradePlanID: downgrade, DowngradeOn: m.DowngradeOn.String(),
	}
}

// memberships returns the memberships of members, oldest first, by member id.
func memberships(ctx context.Context, db bun.IDB, clientID string, memberIDs []string) (map[string][]integration.Membership, error) {
	if len(memberIDs) == 0 {
		return nil, nil
	}
	var rows []membershipRow
	err := db.NewSelect().Model(&rows).ExcludeColumn("start_date", "end_date", "downgrade_on").
		ColumnExpr("s.start_date::text as start_date, s.end_date::text as end_date, s.downgrade_on::text as downgrade_on").
		ColumnExpr("p.name as plan_name, d.name as downgrade_to").
		Join("join mp_plans as p on p.client_id = s.client_id and p.id = s.plan_id").
		Join("left join mp_plans as d on d.client_id = s.client_id and d.id = s.downgrade_plan_id").
		Where("s.client_id = ?", clientID).Where("s.member_id in (?)", bun.List(memberIDs)).
		OrderExpr("s.member_id, s.start_date, s.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("members: memberships: %w", err)
	}
	out := map[string][]integration.Membership{}
	for _, r := range rows {
		out[r.MemberID] = append(out[r.MemberID], r.membership())
	}
	return out, nil
}

type planRow struct {
	bun.BaseModel `bun:"table:mp_plans,alias:p"`
	ID            string `bun:"id,pk,type:uuid"`
	ClientID      string `bun:"client_id,type:uuid"`
	Name          string `bun:"name"`
	Position      int    `bun:"position"`
}
