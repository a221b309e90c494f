"""The diagnostic codes of specs, each with what it is about.

Knows codes and titles: S1 the text and its form, S2 what it means. The messages stand where they arise.
"""

from __future__ import annotations

from enum import Enum


class Code(Enum):
    """A code and its title. Codes are never reused for another meaning."""

    # codes S10x are about the file
    UNREADABLE = "S101", "a file cannot be read"
    GBK = "S102", "a file is encoded as GBK"
    UTF16 = "S103", "a file is encoded as UTF-16"
    NOT_UTF8 = "S104", "a file is not UTF-8"
    CONTROL_CHARACTER = "S105", "a text contains an invisible character"
    TOO_LARGE = "S106", "a file is too large"
    # codes S11x are about YAML
    SYNTAX = "S110", "YAML cannot be parsed"
    TAB = "S111", "a tab indents a line"
    FULL_WIDTH = "S112", "full-width punctuation stands where YAML needs ASCII"
    FULL_WIDTH_QUOTES = "S113", "a value stands in Chinese quotation marks"
    UNQUOTED_EXPRESSION = "S114", "an expression needs quotes"
    NO_SPACE_AFTER_COLON = "S115", "a colon without a space after it"
    REPEATED_KEY = "S116", "a key stands twice"
    KEY_NOT_TEXT = "S117", "a key is not a word"
    TOO_DEEP = "S118", "the file is nested or repeated too deeply"
    TAG = "S119", "a YAML tag, merge key or second document"
    # codes S12x are about includes
    INCLUDE_MISSING = "S120", "an included file cannot be read"
    INCLUDE_CYCLE = "S121", "files include each other"
    INCLUDE_DUPLICATE = "S122", "two files define the same id"
    EXTENDS_NOTHING = "S123", "something is extended that no file defines"
    OMITS_NOTHING = "S124", "an extension leaves out what is not there"
    # codes S13x are about the form
    FORMAT_VERSION = "S130", "the format version is missing or unknown"
    UNKNOWN_KEY = "S131", "an unknown key"
    MISSING_KEY = "S132", "a key is missing"
    WRONG_SHAPE = "S133", "a value of another form is expected"
    UNKNOWN_WORD = "S134", "a word that is not one of the choices"
    NOT_A_NUMBER = "S135", "a number is expected"
    NOT_A_FLAG = "S136", "true or false is expected"
    EMPTY_VALUE = "S137", "a key has no value"
    DOES_NOT_APPLY = "S138", "an attribute does not suit the type"
    NOT_AVAILABLE = "S139", "not available in this version"
    # codes S20x are about names
    ILLEGAL_ID = "S201", "an id is not legal"
    RESERVED_ID = "S202", "an id is reserved or reads as a cell"
    TAKEN_ID = "S203", "an id is taken"
    # codes S21x are about references between things
    UNKNOWN_TABLE = "S210", "no such table"
    UNKNOWN_FIELD = "S211", "no such field"
    UNKNOWN_LIST = "S212", "no such list"
    UNKNOWN_METRIC = "S213", "no such metric"
    UNKNOWN_GROUP = "S214", "no such group"
    NOT_A_REFERENCE = "S215", "a path goes through a field that is no reference"
    NO_PATH = "S216", "one thing cannot be reached from another"
    SEVERAL_PATHS = "S217", "several paths lead there"
    CYCLE = "S218", "computed columns or metrics depend on each other in a circle"
    # codes S22x are about expressions
    EXPRESSION_SYNTAX = "S220", "an expression cannot be parsed"
    EXPRESSION_NAME = "S221", "an expression names something unknown"
    EXPRESSION_TYPE = "S222", "an expression combines what does not fit"
    EXPRESSION_BLANK = "S223", "an expression compares what may be empty"
    EXPRESSION_FULL_WIDTH = "S224", "full-width punctuation in an expression"
    EXPRESSION_FUNCTION = "S225", "a function is unknown, too new or called wrongly"
    # codes S23x are about fields and tables
    KEY_FIELD = "S230", "the key of a table does not serve as one"
    RANGE = "S231", "min is above max"
    DEFAULT = "S232", "a default does not fit its field"
    PATTERN = "S233", "a pattern is not a regular expression"
    ROLLUP = "S234", "a rollup cannot be computed so"
    OVERRIDE = "S235", "an override field does not fit"
    RENAMED = "S236", "renamed from something that exists"
    FIELDLESS = "S237", "a table has no field that people fill"
    NO_TEXT = "S238", "a field that is read holds no text"
    NO_TOPICS = "S239", "words belong to no topics"
    # codes S24x are about lists and settings
    DEPENDENT_LIST = "S240", "a dependent list and its parent do not match"
    LIST_ITEM = "S241", "two list items are alike"
    UNUSED_LIST = "S242", "a list is not used"
    SETTING = "S243", "a setting's value does not fit"
    FORMAT = "S244", "a number format that Excel does not read"
    # codes S25x are about labels and Excel's limits
    LABEL_MISSING = "S250", "a shown thing lacks a label in one language"
    SHEET_NAME = "S251", "a sheet name is not legal"
    SAME_SHEET_NAME = "S252", "two sheets have one name"
    SAME_HEADER = "S253", "two fields of a table have one header"
    TOO_LONG = "S254", "a text is longer than Excel allows"
    TOO_MANY = "S255", "more columns than Excel has"
    # codes S26x are about metrics and boards
    METRIC_FIELD = "S260", "a metric cannot aggregate this field"
    METRIC_TIME = "S261", "a metric's time field is not a date, or missing"
    METRIC_PART = "S262", "a metric is not of the type needed here"
    TARGET = "S263", "a target does not fit"
    NO_CHOICES = "S264", "a dimension has no list of values"
    BLOCK = "S265", "a block is not complete"
    # codes S27x are about roles
    ROLE_ROWS = "S270", "a role cannot tell whose rows these are"
    ROLE_FIELD = "S271", "a role treats a field as it cannot be treated"
    ROLE_SHEET = "S272", "no such board for a role"
    # codes S28x are about reminders
    REMINDER_DAY = "S280", "a reminder's date is no day"
    REMINDER_OWNER = "S281", "a reminder cannot tell whose a row is"
    REMINDER_AHEAD = "S282", "a reminder does not say how many days ahead"

    def __init__(self, code: str, title: str) -> None:
        self.code = code
        self.title = title
