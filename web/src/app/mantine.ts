import { createTheme, Menu, Modal, MultiSelect, Select, Tooltip } from '@mantine/core';

/** Only behaviour is set here; the look is in theme/controls.css. */
export const mantineTheme = createTheme({
  fontFamily: 'Inter, system-ui, sans-serif',
  respectReducedMotion: true,
  components: {
    // Locking the scroll would inject a style element, which the policy forbids; the shell does not scroll anyway.
    Modal: Modal.extend({
      defaultProps: {
        lockScroll: false,
        centered: true,
        transitionProps: { duration: 0 },
        closeButtonProps: { 'aria-label': 'Close dialog' },
      },
    }),
    Menu: Menu.extend({
      defaultProps: { transitionProps: { duration: 0 }, position: 'bottom-end', offset: 4 },
    }),
    Select: Select.extend({
      defaultProps: {
        withScrollArea: false,
        checkIconPosition: 'right',
        comboboxProps: { transitionProps: { duration: 0 } },
      },
    }),
    MultiSelect: MultiSelect.extend({
      defaultProps: {
        withScrollArea: false,
        checkIconPosition: 'right',
        comboboxProps: { transitionProps: { duration: 0 } },
      },
    }),
    Tooltip: Tooltip.extend({
      defaultProps: {
        openDelay: 400,
        transitionProps: { duration: 0 },
        events: { hover: true, focus: true, touch: false },
      },
    }),
  },
});
