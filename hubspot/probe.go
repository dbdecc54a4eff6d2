package hubspot

import "context"

// Probe asks HubSpot whether the token has a scope.
func (c *Client) Probe(ctx context.Context, scope string) error { panic("being written") }
