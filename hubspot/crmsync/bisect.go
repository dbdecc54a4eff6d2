package crmsync

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
)

// line is one record's line in a batch call.
type line interface {
	comparable
	// trying notes that HubSpot is being asked to write it.
	trying()
	// fail settles it with what a refusal of it means.
	fail(failure)
	// put settles it for another try later, for want of a verdict on itself.
	put(c code, after time.Duration)
}

// write sends lines in one call and reads each one's result. When HubSpot
// refuses the whole call for the sake of one record, the records that it names
// are settled alone, or, if it names none, the call is halved until the bad
// record stands by itself: about 2*log2(n) calls for each.
// See https://developers.hubspot.com/docs/api-reference/error-handling
func write[L line](ctx context.Context, o *outing, lines []L,
	do func(context.Context, []L) (hubspot.WriteResult, error), read func(L, hubspot.InputResult)) {
	if len(lines) == 0 {
		return
	}
	var result hubspot.WriteResult
	ok, err := o.call(ctx, func(ctx context.Context) (err error) {
		for _, l := range lines {
			l.trying()
		}
		result, err = do(ctx, lines)
		return err
	})
	switch {
	case err == nil && ok:
		o.refusals = refusalCount{}
		for i, l := range lines {
			read(l, result.Results[i])
		}
		return
	case !ok:
		return
	case len(lines) == 1:
		o.refusals.add(err)
		refused(lines[0], err, read)
		return
	case o.refusals.hopeless():
		giveUp(lines)
		return
	}
	if !readFailure(err).bisect {
		for _, l := range lines {
			l.fail(readFailure(err))
		}
		return
	}
	if named, rest := blamed(lines, err); len(named) > 0 && len(rest) > 0 {
		o.refusals.add(err)
		for _, l := range named {
			refused(l, err, read)
		}
		write(ctx, o, rest, do, read)
		return
	}
	half := len(lines) / 2
	write(ctx, o, lines[:half], do, read)
	write(ctx, o, lines[half:], do, read)
}

// blamed splits lines into those that HubSpot names in its refusal of the call
// and the others.
func blamed[L line](lines []L, err error) (named, rest []L) {
	var e *hubspot.Error
	if !errors.As(err, &e) {
		return nil, lines
	}
	for i, l := range lines {
		if slices.Contains(e.Inputs, i) {
			named = append(named, l)
		} else {
			rest = append(rest, l)
		}
	}
	return named, rest
}

// refused settles one record that HubSpot refused by itself.
func refused[L line](l L, err error, read func(L, hubspot.InputResult)) {
	var e *hubspot.Error
	if errors.As(err, &e) {
		read(l, hubspot.InputResult{Err: e})
		return
	}
	l.fail(readFailure(err))
}

// giveUp stops a bisection in which record after record is refused alike: the
// portal refuses everybody, and trying each one would spend its calls. The
// rest is tried again later.
func giveUp[L line](lines []L) {
	for _, l := range lines {
		l.put(codePortalRule, 10*time.Minute)
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
