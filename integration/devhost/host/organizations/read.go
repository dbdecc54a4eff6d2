package organizations

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/store"
)

// row reads and writes days as text: a day has no time zone.
type row struct {
	bun.BaseModel `bun:"table:mp_organizations,alias:o"`
	ID            string    `bun:"id,pk,type:uuid"`
	ClientID      string    `bun:"client_id,type:uuid"`
	Name          string    `bun:"name"`
	Description   string    `bun:"description"`
	Domain        string    `bun:"domain"`
	WebsiteURL    string    `bun:"website_url"`
	Phone         string    `bun:"phone"`
	Address       string    `bun:"address"`
	City          string    `bun:"city"`
	Postcode      string    `bun:"postcode"`
	State         string    `bun:"state"`
	Country       string    `bun:"country"`
	GroupID       string    `bun:"group_id"`
	PlanID        string    `bun:"plan_id,type:uuid,nullzero"`
	StartDate     string    `bun:"start_date,type:date,nullzero"`
	EndDate       string    `bun:"end_date,type:date,nullzero"`
	Seats         int       `bun:"seats"`
	UpdatedAt     time.Time `bun:"updated_at"`
	DeletedAt     time.Time `bun:"deleted_at,nullzero"`
	PlanName      string    `bun:"plan_name,scanonly"`
	SeatsTaken    int       `bun:"seats_taken,scanonly"`
}

func (r row) organization() Organization {
	o := Organization{
		Organization: integration.Organization{
			ID: r.ID, Name: r.Name, Description: r.Description, Domain: r.Domain, WebsiteURL: r.WebsiteURL, Phone: r.Phone,
			Address: r.Address, City: r.City, Postcode: r.Postcode, State: r.State, Country: r.Country, GroupID: r.GroupID,
			PlanName: r.PlanName, Seats: r.Seats, SeatsTaken: r.SeatsTaken,
		},
		UpdatedAt: r.UpdatedAt, planID: r.PlanID,
	}
	o.StartDate, _ = integration.ParseDate(r.StartDate) // "" or as PostgreSQL prints it
	o.EndDate, _ = integration.ParseDate(r.EndDate)
	return o
}

func rowOf(clientID string, o Organization) row {
	return row{
		ID: o.ID, ClientID: clientID, Name: o.Name, Description: o.Description, Domain: o.Domain, WebsiteURL: o.WebsiteURL,
		Phone: o.Phone, Address: o.Address, City: o.City, Postcode: o.Postcode, State: o.State, Country: o.Country,
		GroupID: o.GroupID, PlanID: o.planID, StartDate: o.StartDate.String(), EndDate: o.EndDate.String(),
		Seats: o.Seats, UpdatedAt: o.UpdatedAt,
	}
}

// rows begins a query for living organizations with their plan and seats.
func rows(db bun.IDB, dest *[]row, clientID string) *bun.SelectQuery {
	return db.NewSelect().Model(dest).ExcludeColumn("start_date", "end_date").
		ColumnExpr("o.start_date::text as start_date, o.end_date::text as end_date, p.name as plan_name").
		ColumnExpr(`(select count(*) from mp_members as m where m.client_id = o.client_id
			and m.organization_id = o.id and m.deleted_at is null) as seats_taken`).
		Join("left join mp_plans as p on p.client_id = o.client_id and p.id = o.plan_id").
		Where("o.client_id = ? and o.deleted_at is null", clientID)
}

// List returns one page by name.
func (m *Module) List(ctx context.Context, clientID string, q store.Query) (store.Page[Organization], error) {
	if !integration.ValidUUID(clientID) {
		return store.Page[Organization]{}, nil
	}
	var all []row
	sel := rows(m.db, &all, clientID).Order("o.name", "o.id")
	if like := q.Like(); like != "" {
		sel = sel.Where("(o.name ilike ? or o.domain ilike ? or o.id::text = ?)", like, like, q.Search)
	}
	total, err := q.On(sel).ScanAndCount(ctx)
	if err != nil {
		return store.Page[Organization]{}, fmt.Errorf("organizations: list: %w", err)
	}
	return store.PageOf(q, int(total), all, row.organization), nil
}

// Get returns one organization, or a 404 [problem.Problem].
func (m *Module) Get(ctx context.Context, clientID, id string) (Organization, error) {
	return get(ctx, m.db, clientID, id)
}

// locked returns one organization and locks it; its seats are counted afterwards.
// A key stays readable: two moves into one organization refer to it already.
func locked(ctx context.Context, tx bun.Tx, clientID, id string) (Organization, error) {
	if !integration.ValidUUID(clientID) || !integration.ValidUUID(id) {
		return Organization{}, problem.Missing("organization")
	}
	_, err := tx.NewRaw("select from mp_organizations where client_id = ? and id = ? for no key update", clientID, id).Exec(ctx)
	if err != nil {
		return Organization{}, fmt.Errorf("organizations: lock: %w", err)
	}
	return get(ctx, tx, clientID, id)
}

func get(ctx context.Context, db bun.IDB, clientID, id string) (Organization, error) {
	if !integration.ValidUUID(clientID) || !integration.ValidUUID(id) {
		return Organization{}, problem.Missing("organization")
	}
	var all []row
	if err := rows(db, &all, clientID).Where("o.id = ?", id).Scan(ctx); err != nil {
		return Organization{}, fmt.Errorf("organizations: get: %w", err)
	}
	if len(all) == 0 {
		return Organization{}, problem.Missing("organization")
	}
	return all[0].organization(), nil
}

// Rows are the organizations that there are.
func Rows() store.Rows { return store.Rows{Table: "mp_organizations", Live: "deleted_at is null"} }

// Load returns those of these organizations that exist, by id, with one query.
func Load(ctx context.Context, db bun.IDB, clientID string, ids []string) (map[string]integration.Organization, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var all []row
	if err := rows(db, &all, clientID).Where("o.id in (?)", bun.List(ids)).Scan(ctx); err != nil {
		return nil, fmt.Errorf("organizations: load: %w", err)
	}
	out := make(map[string]integration.Organization, len(all))
	for _, r := range all {
		out[r.ID] = r.organization().Organization
	}
	return out, nil
}
