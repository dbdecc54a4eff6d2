package hubspottest

import (
	"net/http"
	"net/url"
	"strings"
)

// route is one operation, the same in all versions: the path after product and
// version, the scopes of which one is needed, and what it does.
type route struct {
	method  string
	product string // objects, associations, properties, limits, account-info, lists, events, marketing-events
	pattern string // segments; {name} matches one
	scopes  func(c *call) []string
	run     func(c *call) reply
}

// routes is the table of everything that is served.
func routes() []route {
	var all []route
	all = append(all, batchRoutes()...)
	all = append(all, recordRoutes()...)
	all = append(all, searchRoutes()...)
	all = append(all, propertyRoutes()...)
	all = append(all, groupRoutes()...)
	all = append(all, accountRoutes()...)
	all = append(all, associationRoutes()...)
	all = append(all, listRoutes()...)
	all = append(all, membershipRoutes()...)
	all = append(all, folderRoutes()...)
	all = append(all, marketingRoutes()...)
	all = append(all, eventRoutes()...)
	return all
}

// links reports whether the call counts against the limit of associations.
func (r *route) links() bool {
	return r.product == "associations" || strings.Contains(r.pattern, "/associations/")
}

// locate splits an escaped path into product, version and the rest. Legacy paths carry the
// version before the product, dated ones after it.
func locate(escaped string) (product string, v version, rest []string, ok bool) {
	seg := strings.Split(strings.Trim(escaped, "/"), "/")
	if len(seg) < 3 {
		return "", "", nil, false
	}
	for i := range seg {
		one, err := url.PathUnescape(seg[i])
		if err != nil {
			return "", "", nil, false
		}
		seg[i] = one
	}
	switch seg[0] {
	case "account-info":
		v, ok = parseVersion(seg[1])
		return seg[0], v, seg[2:], ok
	case "events":
		return locateEvents(seg)
	case "marketing":
		return locateMarketing(seg)
	}
	if seg[0] != "crm" {
		return "", "", nil, false
	}
	if seg[1] == string(v3) {
		return seg[2], v3, seg[3:], !ofAssociations(seg[2], seg[3:])
	}
	if seg[1] == string(v4) {
		return seg[2], v4, seg[3:], ofAssociations(seg[2], seg[3:])
	}
	v, ok = parseVersion(seg[2])
	return seg[1], v, seg[3:], ok && v != v3
}

// ofAssociations reports whether a path is one of the associations API, which has v4
// where everything else has v3.
func ofAssociations(product string, rest []string) bool {
	return product == "associations" || product == "objects" && len(rest) > 2 && rest[2] == "associations"
}

func parseVersion(s string) (version, bool) {
	switch v := version(s); v {
	case v3, v2603, v2609:
		return v, true
	}
	return "", false
}

// match finds the route of a request, of several the one with the fewest parameters.
// known tells that the path exists, though perhaps not for this method.
func match(table []route, method, product string, rest []string) (found *route, params map[string]string, known bool) {
	for i := range table {
		r := &table[i]
		if r.product != product {
			continue
		}
		p, ok := fits(r.pattern, rest)
		if !ok {
			continue
		}
		known = true
		if r.method == method && (found == nil || len(p) < len(params)) {
			found, params = r, p
		}
	}
	return found, params, known
}

func fits(pattern string, rest []string) (map[string]string, bool) {
	if pattern == "" {
		return nil, len(rest) == 0
	}
	want := strings.Split(pattern, "/")
	if len(want) != len(rest) {
		return nil, false
	}
	params := map[string]string{}
	for i, w := range want {
		if name, ok := strings.CutPrefix(w, "{"); ok {
			if rest[i] == "" {
				return nil, false
			}
			params[strings.TrimSuffix(name, "}")] = rest[i]
		} else if w != rest[i] {
			return nil, false
		}
	}
	return params, true
}

// objectsOf resolves the object type of a call.
func (c *call) objectsOf() (*objects, *failure) {
	if o := c.portal.objects(c.params["type"]); o != nil {
		return o, nil
	}
	name := c.params["type"]
	if name[0] >= '0' && name[0] <= '9' {
		return nil, plain(http.StatusBadRequest, "Invalid object or event type id: "+name)
	}
	return nil, plain(http.StatusBadRequest, "Unable to infer object type from: "+name)
}

func reads(c *call) []string {
	if o := c.portal.objects(c.params["type"]); o != nil {
		return []string{o.t.readScope}
	}
	return nil
}

func writes(c *call) []string {
	if o := c.portal.objects(c.params["type"]); o != nil {
		return []string{o.t.writeScope}
	}
	return nil
}
