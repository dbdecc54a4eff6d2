package hubspot

import "context"

// BatchUpdate updates records by record id.
func (c *Client) BatchUpdate(ctx context.Context, t ObjectType, inputs []Input) (WriteResult, error) {
	panic("being written")
}

// BatchUpsert updates or creates records by a unique property.
func (c *Client) BatchUpsert(ctx context.Context, t ObjectType, idProperty string, inputs []Input) (WriteResult, error) {
	panic("being written")
}

// BatchArchive moves records to HubSpot's recycle bin.
func (c *Client) BatchArchive(ctx context.Context, t ObjectType, ids []string) error {
	panic("being written")
}
