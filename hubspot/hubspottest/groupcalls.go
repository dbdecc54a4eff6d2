package hubspottest

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
)

func groupRoutes() []route {
	return []route{
		{http.MethodGet, "properties", "{type}/groups", schemaReads, listGroups},
		{http.MethodPost, "properties", "{type}/groups", schemaWrites, createGroup},
		{http.MethodGet, "properties", "{type}/groups/{group}", schemaReads, getGroup},
		{http.MethodPatch, "properties", "{type}/groups/{group}", schemaWrites, updateGroup},
		{http.MethodDelete, "properties", "{type}/groups/{group}", schemaWrites, archiveGroup},
	}
}

type groupInput struct {
	Name         string  `json:"name"`
	Label        *string `json:"label"`
	DisplayOrder *int    `json:"displayOrder"`
}

func listGroups(c *call) reply {
	o, f := c.objectsOf()
	if f != nil {
		return f.reply(c)
	}
	groups := slices.SortedFunc(maps.Values(o.schema.groups), func(a, b group) int {
		return cmp.Or(cmp.Compare(a.DisplayOrder, b.DisplayOrder), cmp.Compare(a.Name, b.Name))
	})
	return reply{http.StatusOK, map[string]any{"results": groups}}
}

// groupOf resolves the group of a call.
func (c *call) groupOf() (*objects, group, *failure) {
	o, f := c.objectsOf()
	if f != nil {
		return nil, group{}, f
	}
	g, ok := o.schema.groups[c.params["group"]]
	if !ok {
		return nil, group{}, &failure{
			status: http.StatusNotFound, category: "OBJECT_NOT_FOUND", subCategory: "Properties.GROUP_NOT_FOUND",
			message: "Property group " + c.params["group"] + " does not exist",
		}
	}
	return o, g, nil
}

func getGroup(c *call) reply {
	_, g, f := c.groupOf()
	if f != nil {
		return f.reply(c)
	}
	return reply{http.StatusOK, g}
}

func createGroup(c *call) reply {
	o, f := c.objectsOf()
	if f != nil {
		return f.reply(c)
	}
	var in groupInput
	if f := c.decode(&in); f != nil {
		return f.reply(c)
	}
	if !nameRule().MatchString(in.Name) || in.Label == nil || *in.Label == "" {
		return badRequest("A property group needs a valid name and a label").reply(c)
	}
	if _, taken := o.schema.groups[in.Name]; taken {
		return (&failure{
			status: http.StatusConflict, category: "OBJECT_ALREADY_EXISTS", subCategory: "Properties.GROUP_WITH_NAME_EXISTS",
			message: "A property group named '" + in.Name + "' already exists.",
		}).reply(c)
	}
	g := group{Name: in.Name, Label: *in.Label, DisplayOrder: -1}
	set(&g.DisplayOrder, in.DisplayOrder)
	o.schema.groups[g.Name] = g
	return reply{http.StatusCreated, g}
}

func updateGroup(c *call) reply {
	o, g, f := c.groupOf()
	if f != nil {
		return f.reply(c)
	}
	var in groupInput
	if f := c.decode(&in); f != nil {
		return f.reply(c)
	}
	set(&g.Label, in.Label)
	set(&g.DisplayOrder, in.DisplayOrder)
	o.schema.groups[g.Name] = g
	return reply{http.StatusOK, g}
}

func archiveGroup(c *call) reply {
	o, g, f := c.groupOf()
	if f != nil {
		return f.reply(c)
	}
	for _, p := range o.schema.live {
		if p.GroupName == g.Name {
			f := badRequest("Property group " + g.Name + " has active properties")
			f.subCategory = "PropertyGroupError.GROUP_WITH_ACTIVE_PROPERTIES"
			return f.reply(c)
		}
	}
	delete(o.schema.groups, g.Name)
	return reply{status: http.StatusNoContent}
}
