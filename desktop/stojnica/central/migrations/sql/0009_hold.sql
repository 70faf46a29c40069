-- Whoever adds up what came in shares the branch until the end of its transaction; an erasure has it alone, from
-- its look-up to its commit. Otherwise a sign-up that is added up in between would see no mark yet, and be found
-- by no look-up: nothing would ever look at it again.
CREATE FUNCTION office_api.hold_branch(b uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
BEGIN
    PERFORM 1 FROM hub.branch r WHERE r.branch_id = b FOR KEY SHARE;
END
$body$;

REVOKE ALL ON FUNCTION office_api.hold_branch(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION office_api.hold_branch(uuid) TO hub_projector;
