package ports

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/clients"
)

// Calendar knows where the clients live.
type Calendar struct{ clients *clients.Module }

var _ integration.Calendar = (*Calendar)(nil)

// NewCalendar returns the calendar over db.
func NewCalendar(db *bun.DB) *Calendar { return &Calendar{clients.New(db)} }

// TimeZone implements [integration.Calendar].
func (c *Calendar) TimeZone(ctx context.Context, clientID string) (*time.Location, error) {
	client, err := c.clients.Get(ctx, clientID)
	if err != nil {
		return nil, fmt.Errorf("ports: time zone: %w", err)
	}
	zone, err := time.LoadLocation(client.TimeZone)
	if err != nil {
		return nil, fmt.Errorf("ports: time zone of client %s: %w", clientID, err)
	}
	return zone, nil
}
