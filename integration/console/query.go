package console

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/memberpulse/hubspotplugin/integration"
)

const (
	defaultPerPage = 30
	maxPerPage     = 100
	maxPage        = 1_000_000 // keeps page times itemsPerPage far from overflow
)

var entityType = regexp.MustCompile(`^[a-z][a-zA-Z0-9-]{0,31}$`)

// logQuery reads entityType, status, code, search, page and itemsPerPage. More than 100
// items a page are served as 100, which the answer says; everything else that
// cannot be meant is refused.
func logQuery(v url.Values) (integration.SyncQuery, error) {
	q := integration.SyncQuery{
		EntityType: strings.TrimSpace(v.Get("entityType")),
		Status:     integration.SyncStatus(v.Get("status")),
		Code:       strings.TrimSpace(v.Get("code")),
		Search:     strings.TrimSpace(v.Get("search")),
	}
	errs := integration.FieldErrors{}
	switch q.Status {
	case "", integration.SyncPending, integration.SyncSynced, integration.SyncFailed, integration.SyncExcluded:
	default:
		errs.Add("status", "The status is one of pending, synced, failed, excluded.")
	}
	if q.EntityType != "" && !entityType.MatchString(q.EntityType) {
		errs.Add("entityType", "This is not the name of a type, such as contact or company.")
	}
	for key, text := range map[string]string{"code": q.Code, "search": q.Search} {
		if len(text) > 200 || !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			errs.Add(key, "This is longer than 200 bytes or not text.")
		}
	}
	number := func(key string, fallback, limit int) int {
		text := v.Get(key)
		if text == "" {
			return fallback
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			errs.Add(key, "This is a whole number from 1.")
			return fallback
		}
		return min(n, limit)
	}
	q.Page = number("page", 1, maxPage)
	q.ItemsPerPage = number("itemsPerPage", defaultPerPage, maxPerPage)
	if len(errs) > 0 {
		p := malformed("The address asks for something that there cannot be.")
		p.Errors = errs
		return integration.SyncQuery{}, p
	}
	return q, nil
}
