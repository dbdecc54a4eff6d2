package hubspot

import "context"

func (c *Client) Properties(ctx context.Context, t ObjectType) ([]Property, error) {
	panic("being written")
}
func (c *Client) Property(ctx context.Context, t ObjectType, name string) (Property, error) {
	panic("being written")
}
func (c *Client) CreateProperty(ctx context.Context, t ObjectType, p Property) (Property, error) {
	panic("being written")
}
func (c *Client) UpdateProperty(ctx context.Context, t ObjectType, name string, patch PropertyPatch) (Property, error) {
	panic("being written")
}
func (c *Client) PropertyGroups(ctx context.Context, t ObjectType) ([]PropertyGroup, error) {
	panic("being written")
}
func (c *Client) CreatePropertyGroup(ctx context.Context, t ObjectType, g PropertyGroup) (PropertyGroup, error) {
	panic("being written")
}
func (c *Client) CustomPropertyLimits(ctx context.Context) (PropertyLimits, error) {
	panic("being written")
}
