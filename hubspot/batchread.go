package hubspot

import "context"

// BatchRead reads records by record id or by a unique property.
func (c *Client) BatchRead(ctx context.Context, t ObjectType, q BatchRead) (ReadResult, error) {
	panic("being written")
}
