package store_test

import (
	"strconv"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration/devhost/host/store"
)

func TestQueryIsBounded(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		q         store.Query
		page, per int
	}{{store.Query{}, 1, 30}, {store.Query{Page: -3, ItemsPerPage: 1000}, 1, 100}, {store.Query{Page: 7, ItemsPerPage: 5}, 7, 5}} {
		if got := store.PageOf(c.q, 9, []int{1, 2}, strconv.Itoa); got.Page != c.page || got.ItemsPerPage != c.per || got.Total != 9 || got.Items[1] != "2" {
			t.Errorf("%+v: %+v", c.q, got)
		}
	}
	for search, want := range map[string]string{"": "", "  ": "", "a%_\\": `%a\%\_\\%`, "a\x00b": "%ab%"} {
		if got := (store.Query{Search: search}).Like(); got != want {
			t.Errorf("%q: %q, want %q", search, got, want)
		}
	}
}
