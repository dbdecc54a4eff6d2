package store

import (
	"strings"
	"unicode"

	"github.com/uptrace/bun"
)

// Query selects a page of a list.
type Query struct {
	Search       string
	Page         int // from 1; 0 = 1
	ItemsPerPage int // at most 100; 0 = 30
}

// Page is one page of a list.
type Page[T any] struct {
	Items        []T
	Total        int
	Page         int
	ItemsPerPage int
}

// On limits a query to the page.
func (q Query) On(sel *bun.SelectQuery) *bun.SelectQuery {
	q = q.whole()
	return sel.Limit(int64(q.ItemsPerPage)).Offset(int64(q.Page-1) * int64(q.ItemsPerPage))
}

// Like is the pattern of the search for ilike, "" without one.
func (q Query) Like() string {
	text := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, strings.TrimSpace(q.Search))
	if text == "" {
		return ""
	}
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
}

func (q Query) whole() Query {
	q.Page = max(q.Page, 1)
	if q.ItemsPerPage < 1 {
		q.ItemsPerPage = 30
	}
	q.ItemsPerPage = min(q.ItemsPerPage, 100)
	return q
}

// PageOf is the page of q that these rows are.
func PageOf[R, T any](q Query, total int, rows []R, as func(R) T) Page[T] {
	q = q.whole()
	out := Page[T]{Items: make([]T, len(rows)), Total: total, Page: q.Page, ItemsPerPage: q.ItemsPerPage}
	for i, r := range rows {
		out.Items[i] = as(r)
	}
	return out
}
