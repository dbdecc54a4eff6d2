package hubspot

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
)

// Properties returns all definitions of an object type that are not archived,
// sorted by name. Scope crm.schemas.<type>.read, or the type's read scope.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/properties/guide
func (c *Client) Properties(ctx context.Context, t ObjectType) ([]Property, error) {
	return c.properties(ctx, t, call{op: string(t) + " properties"})
}

// ArchivedProperties returns the definitions of an object type that are
// archived, sorted by name: CreateProperty with such a name restores it. Scope
// as Properties.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/properties/get-properties
func (c *Client) ArchivedProperties(ctx context.Context, t ObjectType) ([]Property, error) {
	return c.properties(ctx, t, call{op: string(t) + " archived properties", query: url.Values{"archived": {"true"}}})
}

func (c *Client) properties(ctx context.Context, t ObjectType, cl call) ([]Property, error) {
	if !t.valid() {
		return nil, fmt.Errorf("%w: object type", ErrInvalidInput)
	}
	var w struct {
		Results []wireProperty `json:"results"`
	}
	cl.method, cl.path, cl.repeatable = http.MethodGet, c.paths.propertyList(t), true
	if err := c.fetch(ctx, cl, &w); err != nil {
		return nil, err
	}
	if w.Results == nil {
		return nil, unreadable(cl, reply{status: http.StatusOK})
	}
	out := make([]Property, len(w.Results))
	for i, p := range w.Results {
		out[i] = p.property()
	}
	slices.SortFunc(out, func(a, b Property) int { return cmp.Compare(a.Name, b.Name) })
	return out, nil
}

// Property returns one definition. An unknown or archived name is IsNotFound.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/properties/guide
func (c *Client) Property(ctx context.Context, t ObjectType, name string) (Property, error) {
	return c.property(ctx, t, name, call{op: string(t) + " property", method: http.MethodGet, repeatable: true})
}

// CreateProperty creates a definition: Name, Label, Type, FieldType and
// GroupName are required. IsConflict if the name is taken: read and compare
// then. Creating the name of an archived property restores the old one with its
// old definition, so compare what is returned too. Never repeated by itself.
// A write that follows at once may still be told that the property does not
// exist. Scope crm.schemas.<type>.write.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/properties/create-property
func (c *Client) CreateProperty(ctx context.Context, t ObjectType, p Property) (Property, error) {
	if !t.valid() || p.Name == "" {
		return Property{}, fmt.Errorf("%w: property", ErrInvalidInput)
	}
	var w wireProperty
	cl := call{
		op:     string(t) + " property create",
		method: http.MethodPost,
		path:   c.paths.propertyList(t),
		body:   newProperty(p),
		write:  true,
	}
	if err := c.fetch(ctx, cl, &w); err != nil {
		return Property{}, err
	}
	if w.Name == "" {
		return Property{}, unreadable(cl, reply{status: http.StatusOK})
	}
	return w.property(), nil
}

// UpdateProperty changes a definition and returns it as it is then. Note that
// PropertyPatch.Options replaces the whole list.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/properties/guide
func (c *Client) UpdateProperty(ctx context.Context, t ObjectType, name string, patch PropertyPatch) (Property, error) {
	body := map[string]any{}
	for key, value := range map[string]string{
		"label": patch.Label, "description": patch.Description, "groupName": patch.GroupName,
	} {
		if value != "" {
			body[key] = value
		}
	}
	if patch.Options != nil {
		body["options"] = wireOptions(patch.Options)
	}
	return c.property(ctx, t, name, call{
		op:         string(t) + " property update",
		method:     http.MethodPatch,
		body:       body,
		write:      true,
		repeatable: true, // it sets, so a second time changes nothing
	})
}

// property sends a call about one property that answers with its definition.
func (c *Client) property(ctx context.Context, t ObjectType, name string, cl call) (Property, error) {
	if !t.valid() || name == "" || name == "." || name == ".." {
		return Property{}, fmt.Errorf("%w: property", ErrInvalidInput)
	}
	cl.path = c.paths.property(t, name)
	var w wireProperty
	if err := c.fetch(ctx, cl, &w); err != nil {
		return Property{}, err
	}
	if w.Name == "" {
		return Property{}, unreadable(cl, reply{status: http.StatusOK})
	}
	return w.property(), nil
}

// PropertyGroups returns the groups of an object type.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/properties/guide
func (c *Client) PropertyGroups(ctx context.Context, t ObjectType) ([]PropertyGroup, error) {
	if !t.valid() {
		return nil, fmt.Errorf("%w: object type", ErrInvalidInput)
	}
	var w struct {
		Results []wireGroup `json:"results"`
	}
	cl := call{op: string(t) + " property groups", method: http.MethodGet, path: c.paths.propertyGroups(t), repeatable: true}
	if err := c.fetch(ctx, cl, &w); err != nil {
		return nil, err
	}
	if w.Results == nil {
		return nil, unreadable(cl, reply{status: http.StatusOK})
	}
	out := make([]PropertyGroup, len(w.Results))
	for i, g := range w.Results {
		out[i] = PropertyGroup(g)
	}
	return out, nil
}

// CreatePropertyGroup creates a group. IsConflict if the name is taken, which
// is as good. Never repeated by itself.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/properties/guide
func (c *Client) CreatePropertyGroup(ctx context.Context, t ObjectType, g PropertyGroup) (PropertyGroup, error) {
	if !t.valid() || g.Name == "" {
		return PropertyGroup{}, fmt.Errorf("%w: property group", ErrInvalidInput)
	}
	body := map[string]any{"name": g.Name, "label": g.Label}
	if g.DisplayOrder != 0 {
		body["displayOrder"] = g.DisplayOrder
	}
	var w wireGroup
	cl := call{
		op:     string(t) + " property group create",
		method: http.MethodPost,
		path:   c.paths.propertyGroups(t),
		body:   body,
		write:  true,
	}
	if err := c.fetch(ctx, cl, &w); err != nil {
		return PropertyGroup{}, err
	}
	if w.Name == "" {
		return PropertyGroup{}, unreadable(cl, reply{status: http.StatusOK})
	}
	return PropertyGroup(w), nil
}

// CustomPropertyLimits returns how many custom properties the portal's plan
// allows. Scope: any crm.objects read scope; schema scopes are not enough.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/limits-tracking/get-custom-properties
func (c *Client) CustomPropertyLimits(ctx context.Context) (PropertyLimits, error) {
	var w struct {
		Usage        int `json:"overallUsage"`
		Limit        int `json:"overallLimit"`
		ByObjectType []struct {
			ID    string `json:"objectTypeId"`
			Label string `json:"pluralLabel"`
			Usage int    `json:"usage"`
			Limit int    `json:"limit"`
		} `json:"byObjectType"`
	}
	cl := call{
		op:         "custom property limits",
		method:     http.MethodGet,
		path:       c.paths.customPropertyLimits(),
		repeatable: true,
	}
	if err := c.fetch(ctx, cl, &w); err != nil {
		return PropertyLimits{}, err
	}
	if w.ByObjectType == nil {
		return PropertyLimits{}, unreadable(cl, reply{status: http.StatusOK})
	}
	out := PropertyLimits{Usage: w.Usage, Limit: w.Limit}
	for _, o := range w.ByObjectType {
		out.ByObjectType = append(out.ByObjectType,
			ObjectTypeLimit{ObjectTypeID: o.ID, Label: o.Label, Usage: o.Usage, Limit: o.Limit})
	}
	return out, nil
}
