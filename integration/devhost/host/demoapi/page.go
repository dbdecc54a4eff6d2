package demoapi

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/store"
)

// pageQuery reads page, itemsPerPage and search, and status if there are any;
// what it does not know it names.
func pageQuery(r *http.Request, statuses []string) (q store.Query, status string, err error) {
	errs := map[string][]string{}
	number := func(name, text string, most int) int {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > most {
			errs[name] = []string{"This must be a whole number from 1 to " + strconv.Itoa(most) + "."}
		}
		return n
	}
	known := "page, itemsPerPage or search"
	if statuses != nil {
		known = "page, itemsPerPage, search or status"
	}
	for name, values := range r.URL.Query() {
		v := values[0]
		switch {
		case name == "page":
			q.Page = number(name, v, 1_000_000)
		case name == "itemsPerPage":
			q.ItemsPerPage = number(name, v, 100)
		case name == "search":
			q.Search = v
		case name == "status" && statuses != nil:
			if status = v; v != "" && !slices.Contains(statuses, v) {
				errs[name] = []string{"This is not one of " + strings.Join(statuses, ", ") + "."}
			}
		default:
			errs[name] = []string{"There is no parameter of this name. Use " + known + "."}
		}
	}
	if len(errs) > 0 {
		return q, "", problem.Invalid(errs)
	}
	return q, status, nil
}

// paged is one page of a list under its name.
func paged[T, D any](name string, p store.Page[T], doc func(T) D) map[string]any {
	return map[string]any{name: all(p.Items, doc), "total": p.Total, "page": p.Page, "itemsPerPage": p.ItemsPerPage}
}

// created answers with a new thing and where it is.
func created(w http.ResponseWriter, address string, doc any) (int, any, error) {
	w.Header().Set("Location", address)
	return http.StatusCreated, doc, nil
}
