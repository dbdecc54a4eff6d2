package hubspot

import (
	"context"
	"fmt"
	"net/http"
)

// CreateInput is a new record, with the associations that it gets at once.
type CreateInput struct {
	Properties   map[string]string
	Associations []InlineAssociation
}

// InlineAssociation associates a new record with one that exists. Types are of the
// direction from the new record to the other, and name its object type.
type InlineAssociation struct {
	ToID  string
	Types []AssociationType
}

// BatchCreate creates up to MaxInputs records, in one call, by no key: calling it twice
// makes two records of each. So it is never repeated by the client, and after an error
// whose outcome is Unknown the caller must look for the records before it tries again.
// Where a unique property exists, BatchUpsert is the better call.
//
// A record that cannot be associated as wanted is not created. HubSpot does not always
// say which record came of which input; then they are told apart by the values that only
// one input of the batch carries. An input that no record can be told to be of is
// CodeUnmentioned, with outcome Unknown. Errors are otherwise those of BatchUpdate.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/activities/notes/guide
func (c *Client) BatchCreate(ctx context.Context, t ObjectType, inputs []CreateInput) (WriteResult, error) {
	if err := checkCreate(t, inputs); err != nil {
		return WriteResult{}, err
	}
	if len(inputs) == 0 {
		return WriteResult{}, nil
	}
	type link struct {
		To    wireID     `json:"to"`
		Types []wireType `json:"types"`
	}
	type input struct {
		TraceID      string            `json:"objectWriteTraceId"`
		Properties   map[string]string `json:"properties"`
		Associations []link            `json:"associations"`
	}
	traces := traceIDs(len(inputs))
	wire := make([]input, len(inputs))
	for i, in := range inputs {
		wire[i] = input{TraceID: traces[i], Properties: Input{Properties: in.Properties}.sent(""), Associations: []link{}}
		for _, a := range in.Associations {
			wire[i].Associations = append(wire[i].Associations, link{wireID{a.ToID}, wireTypes(a.Types)})
		}
	}
	cl := call{
		op:     string(t) + " batch create",
		method: http.MethodPost,
		path:   c.paths.batch(t, "create"),
		body:   map[string]any{"inputs": wire},
		write:  true,
	}
	r := newCreateRoster(inputs, traces)
	rep, e := c.send(ctx, cl)
	if e != nil {
		e.Inputs = r.blamed(rep.blame)
		return allFailed(len(inputs), e), e
	}
	parts, ok := readBatch(rep.body)
	if !ok {
		e := unreadable(cl, rep)
		return allFailed(len(inputs), e), e
	}
	out := settle(cl, rep, parts, r, len(inputs))
	for i := range out {
		out[i].New = out[i].Record != nil
	}
	return WriteResult{Results: out}, nil
}

func checkCreate(t ObjectType, inputs []CreateInput) error {
	if !t.valid() {
		return fmt.Errorf("%w: object type", ErrInvalidInput)
	}
	if len(inputs) > MaxInputs {
		return fmt.Errorf("%w: %d, at most %d", ErrTooManyInputs, len(inputs), MaxInputs)
	}
	for i, in := range inputs {
		for _, a := range in.Associations {
			if fold(a.ToID) == "" || len(a.Types) == 0 {
				return fmt.Errorf("%w: input %d has an association without id or type", ErrInvalidInput, i)
			}
		}
	}
	return nil
}

// newCreateRoster makes a roster of inputs that have no id yet: by trace id, and by the
// values that only one of them carries.
func newCreateRoster(inputs []CreateInput, traces []string) roster {
	r := newRoster("", nil, traces)
	r.byValue = map[string]map[string]int{}
	for i, in := range inputs {
		for name, value := range in.Properties {
			values := r.byValue[name]
			if values == nil {
				values = map[string]int{}
				r.byValue[name] = values
			}
			of := i
			if _, taken := values[fold(value)]; taken {
				of = -1 // of several inputs, so of none
			}
			values[fold(value)] = of
		}
	}
	return r
}

// createdFor finds the input whose values a new record repeats; none if two inputs fit
// as well as each other.
func (r roster) createdFor(w wireRecord) (i int, ok bool) {
	if len(r.byTrace) == 1 {
		return 0, true // there is no other
	}
	fits := map[int]int{}
	best, second := 0, 0
	for name, values := range r.byValue {
		value := fold(w.property(name))
		if of, known := values[value]; known && of >= 0 && value != "" {
			fits[of]++
		}
	}
	for of, n := range fits {
		switch {
		case n > best:
			i, best, second = of, n, best
		case n > second:
			second = n
		}
	}
	return i, best > second
}
