-- safe: a right more.

-- The log of exports is kept until a clean-up that somebody asks for; imports and changes are kept for ever.
GRANT DELETE ON exports TO cairn_app;
