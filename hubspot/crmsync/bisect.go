package crmsync

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/outbox"
)

type (
	writeCall func(context.Context, []*work) (hubspot.WriteResult, error)
	writeRead func(*work, hubspot.InputResult)
)

// write sends members in one call and reads each one's result. When HubSpot
// refuses the whole call for the sake of one record, the records that it names
// are settled alone, or, if it names none, the call is halved until the bad
// record stands by itself: about 2*log2(n) calls for each.
// See https://developers.hubspot.com/docs/api-reference/error-handling
func (p *pass) write(ctx context.Context, works []*work, do writeCall, read writeRead) {
	if len(works) == 0 {
		return
	}
	var result hubspot.WriteResult
	ok, err := p.call(ctx, func(ctx context.Context) (err error) {
		for _, w := range works {
			w.tried = true
		}
		result, err = do(ctx, works)
		return err
	})
	switch {
	case err == nil && ok:
		p.refusals = refusalCount{}
		for i, w := range works {
			read(w, result.Results[i])
		}
		return
	case !ok:
		return
	case len(works) == 1:
		p.refusals.add(err)
		p.refused(works[0], err, read)
		return
	case p.refusals.hopeless():
		p.giveUp(works)
		return
	}
	if !readFailure(err).bisect {
		for _, w := range works {
			w.fail(readFailure(err))
		}
		return
	}
	if blamed, rest := p.blamed(works, err); len(blamed) > 0 && len(rest) > 0 {
		p.refusals.add(err)
		for _, w := range blamed {
			p.refused(w, err, read)
		}
		p.write(ctx, rest, do, read)
		return
	}
	half := len(works) / 2
	p.write(ctx, works[:half], do, read)
	p.write(ctx, works[half:], do, read)
}

// blamed splits works into those that HubSpot names in its refusal of the call
// and the others.
func (p *pass) blamed(works []*work, err error) (blamed, rest []*work) {
	var e *hubspot.Error
	if !errors.As(err, &e) {
		return nil, works
	}
	for i, w := range works {
		if slices.Contains(e.Inputs, i) {
			blamed = append(blamed, w)
		} else {
			rest = append(rest, w)
		}
	}
	return blamed, rest
}

// refused settles one record that HubSpot refused by itself.
func (p *pass) refused(w *work, err error, read writeRead) {
	var e *hubspot.Error
	if errors.As(err, &e) {
		read(w, hubspot.InputResult{Err: e})
		return
	}
	w.fail(readFailure(err))
}

// giveUp stops a bisection in which record after record is refused alike: the
// portal refuses everybody, and trying each one would spend its calls. The
// rest is tried again later.
func (p *pass) giveUp(works []*work) {
	for _, w := range works {
		w.retry(codePortalRule)
		w.outcome = outbox.Retry(classTransient, string(codePortalRule), 10*time.Minute)
	}
}

// refusalCount counts refusals of one kind in a row without any success.
type refusalCount struct {
	kind string
	n    int
}

// hopelessAfter equal refusals in a row end a bisection.
const hopelessAfter = 6

// add counts one refused call, however many records it names.
func (c *refusalCount) add(err error) {
	f := readFailure(err)
	if f.code == codeConflict {
		return // each has its own other record
	}
	kind := string(f.code) + " " + strings.Join(f.properties, " ")
	if c.kind != kind {
		c.kind, c.n = kind, 0
	}
	c.n++
}

func (c *refusalCount) hopeless() bool { return c.n >= hopelessAfter }
