package console

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
)

// fieldLink is how a page calls a field, and the id of its element.
type fieldLink struct{ Label, ID string }

// remark is one line of the list of what is wrong: where, and what.
type remark struct {
	Label, ID string // ID "" = there is no such field on the page
	Text      string
}

// blame puts a problem at the head of a page, with a link to each field that it
// names.
func (c *Console) blame(k *call, v *view, p *problem, fields map[string]fieldLink) {
	if p == nil {
		return
	}
	v.Notice, v.Problem, v.Retry = "", p, c.face(k).atPointer(p.RetryAt)
	for _, key := range slices.Sorted(maps.Keys(p.Errors)) {
		for _, text := range p.Errors[key] {
			v.Remarks = append(v.Remarks, remark{cmp.Or(fields[key].Label, key), fields[key].ID, text})
		}
	}
	c.problemHeader(k.w, p)
}

// refused shows what came of a form post on the page of the form. What is not
// about this page (no role, a foreign origin, a body too large) gets its own.
func (c *Console) refused(k *call, err error, page func(*call, int, *problem) error) error {
	p := c.refuse(k, err)
	switch p.Status {
	case http.StatusConflict, http.StatusPreconditionFailed, http.StatusUnprocessableEntity, http.StatusTooManyRequests,
		http.StatusBadGateway, http.StatusGatewayTimeout:
		return page(k, p.Status, p)
	}
	return p
}
